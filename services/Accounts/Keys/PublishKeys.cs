using Microsoft.IdentityModel.Tokens;
using TechMarket.ServiceKit;

namespace TechMarket.Accounts.Keys;

/// <summary>The public halves of the signing keys (RFC 7517) and where to find them (OpenID Connect Discovery), and their rotation.</summary>
public static class PublishKeys
{
    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/.well-known/jwks.json", (SigningKeys keys) => TypedResults.Json(Jwks(keys))).ForAnyone().WithSummary("The public keys of tokens");
        routes.MapGet("/.well-known/openid-configuration", Discover).ForAnyone().WithSummary("Where the keys are");
        routes.MapPost("/api/signing-keys", RotateAsync).ForRoles(Roles.Operator).Produces(204).WithSummary("Put a new signing key in use");
    }

    static IResult Discover(HttpRequest request) => TypedResults.Json(new Dictionary<string, object>
    {
        ["issuer"] = "techmarket",
        ["jwks_uri"] = $"{request.Scheme}://{request.Host}/.well-known/jwks.json",
        ["id_token_signing_alg_values_supported"] = new[] { SecurityAlgorithms.EcdsaSha256 },
    });

    static async Task<IResult> RotateAsync(Caller caller, Database database, SigningKeys keys, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(ct);
        await keys.RotateAsync(transaction, ct);
        transaction.Audit(caller, "signing_key.rotated", "signing-keys");
        var result = await transaction.CommitAsync(Answer.Done, ct);
        await keys.ReloadAsync(ct);
        return result;
    }

    static object Jwks(SigningKeys keys) => new
    {
        keys = keys.Trusted.Select(key =>
        {
            var point = key.ECDsa.ExportParameters(includePrivateParameters: false).Q;
            return new
            {
                kty = "EC",
                crv = "P-256",
                use = "sig",
                alg = SecurityAlgorithms.EcdsaSha256,
                kid = key.KeyId,
                x = Base64UrlEncoder.Encode(point.X),
                y = Base64UrlEncoder.Encode(point.Y),
            };
        }).ToArray(),
    };
}
