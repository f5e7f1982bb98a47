{
    let client = Client::new(Provider::buildpass(), "id").secret("secret");
    let token = Agent::new().run(client.token(Grant::client_credentials().scope("read:builders")))?;
    let reply = Agent::new().run(client.call(&token, Call::get("/v1/builders")))?;
    println!("{}", reply.answer.json()?);
}
