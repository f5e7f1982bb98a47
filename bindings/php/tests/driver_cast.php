<?php

/** How does the driver protocol write what PHP's API gives? */

declare(strict_types=1);

final class Cast
{
    public static function pairs(array $headers): array
    {
        $pairs = [];
        foreach ($headers as $name => $values) {
            foreach ($values as $value) {
                $pairs[] = [(string) $name, $value];
            }
        }
        return $pairs;
    }

    public static function request(Active\Request $request): array
    {
        return [
            'method' => $request->method,
            'url' => $request->url,
            'headers' => self::pairs($request->headers),
            'body_base64' => base64_encode($request->body),
        ];
    }

    public static function admission(Active\Admission $admission): array
    {
        return [
            'client_id' => $admission->client->id,
            'scope' => $admission->scope,
            'record' => $admission->record,
            'resource' => $admission->resource->answer,
            'registration' => $admission->registration?->saved(),
        ];
    }

    public static function token(Active\Token $token): array
    {
        $user = $token->user;
        return [
            'access_token' => $token->accessToken,
            'token_type' => $token->tokenType,
            'authorization' => $token->authorization,
            'expires_at' => $token->expiresAt,
            'received_at' => $token->receivedAt,
            'refresh_token' => $token->refreshToken,
            'scope' => $token->scope,
            'requested_scope' => $token->requestedScope,
            'scope_narrower' => $token->scopeNarrower,
            'provider' => $token->provider,
            'deviations' => $token->deviations,
            'user' => $user ? [
                'user_id' => $user->userId,
                'user_type' => $user->userType,
                'email' => $user->email,
                'fullname' => $user->fullname,
                'profile_picture' => $user->profilePicture,
            ] : null,
            'saved' => $token->saved(),
        ];
    }

    public static function device(Active\Device $device): array
    {
        return [
            'user_code' => $device->userCode,
            'verification_uri' => $device->verificationUri,
            'verification_uri_complete' => $device->verificationUriComplete,
            'expires_at' => $device->expiresAt,
            'interval_ms' => (int) round($device->interval * 1000),
            'deviations' => $device->deviations,
            'saved' => $device->saved(),
        ];
    }

    public static function backchannel(Active\Backchannel $backchannel): array
    {
        return [
            'expires_at' => $backchannel->expiresAt,
            'interval_ms' => (int) round($backchannel->interval * 1000),
            'saved' => $backchannel->saved(),
        ];
    }

    public static function error(Active\Error $error): array
    {
        return [
            'kind' => $error->kind,
            'code' => $error->errorCode,
            'standard_code' => $error->standardCode,
            'message' => $error->getMessage(),
            'description' => $error->description,
            'error_uri' => $error->errorUri,
            'status' => $error->status,
            'retry_after_ms' => $error->retryAfter === null ? null : (int) round($error->retryAfter * 1000),
            'transient' => $error->transient,
            'sent' => $error->mayHaveBeenSent === null ? null : ($error->mayHaveBeenSent ? 'maybe' : 'no'),
            'ambiguous' => $error->ambiguous,
            'body_base64' => $error->body() === null ? null : base64_encode($error->body()),
        ];
    }
}
