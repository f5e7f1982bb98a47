{
    let client = Client::new(Provider::buildpass(), "id").secret("secret");
    let grant = Grant::client_credentials().scope("read:builders");
    let session = Session::builder(client).grant(grant).shared_store(oauth_session::named(store)?).open()?;
    let reply = Agent::new().run(session.call(Call::get("/v1/builders")))?;
    println!("{}", reply.answer.json()?);
}
