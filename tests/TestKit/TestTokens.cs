using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using TechMarket.ServiceKit;

namespace TechMarket.TestKit;

/// <summary>Signs access tokens as Accounts does, with a key that the service under test is told to trust.</summary>
public sealed class TestTokens
{
    readonly ECDsaSecurityKey key = new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "test" };

    public string Jwks
    {
        get
        {
            var parameters = key.ECDsa.ExportParameters(false);
            return JsonSerializer.Serialize(new
            {
                keys = new[]
                {
                    new
                    {
                        kty = "EC", crv = "P-256", use = "sig", alg = "ES256", kid = "test",
                        x = Base64UrlEncoder.Encode(parameters.Q.X), y = Base64UrlEncoder.Encode(parameters.Q.Y),
                    },
                },
            });
        }
    }

    public string Sign(TestPerson person, DateTimeOffset now) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = "techmarket",
        Audience = "techmarket",
        IssuedAt = now.UtcDateTime,
        NotBefore = now.UtcDateTime.AddMinutes(-1),
        Expires = now.UtcDateTime.AddDays(3650),
        SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.EcdsaSha256),
        Claims = new Dictionary<string, object>
        {
            ["sub"] = person.PersonId.ToString(),
            [Claims.Session] = person.SessionId.ToString(),
            [Claims.Organisation] = person.OrganisationId.ToString(),
            [Claims.OrganisationState] = JsonSerializer.Serialize(person.Organisation, Json.Options),
            [Claims.Role] = person.Roles,
        },
    });
}

/// <summary>Somebody who calls the service under test.</summary>
public sealed record TestPerson(Guid OrganisationId, CallerOrganisation Organisation, params string[] Roles)
{
    public Guid PersonId { get; init; } = Guid.CreateVersion7();

    public Guid SessionId { get; init; } = Guid.CreateVersion7();

    /// <summary>A person of a new, verified organisation.</summary>
    public static TestPerson Of(string kind, string regionCode, params string[] roles) => new(
        Guid.CreateVersion7(),
        new CallerOrganisation($"{kind} {Guid.CreateVersion7():N}", kind, NewUscc(), regionCode, true,
            kind is "bureau" or "registry" ? [regionCode] : []),
        roles);

    public static TestPerson Provider(string regionCode = "510100") => Of("university", regionCode, "provider");

    public static TestPerson Seeker(string regionCode = "341623") => Of("enterprise", regionCode, "seeker", "provider");

    public static TestPerson Bureau(string regionCode = "510000") => Of("bureau", regionCode, "bureau");

    public static TestPerson Registrar(string regionCode = "510000") => Of("registry", regionCode, "registrar");

    public static TestPerson Operator() => new(Guid.Empty, null!, "operator");

    /// <summary>Another person of the same organisation.</summary>
    public TestPerson Colleague(params string[] roles) =>
        new(OrganisationId, Organisation, roles.Length == 0 ? Roles : roles);

    public TestPerson Unverified() => this with { Organisation = Organisation with { Verified = false } };

    public static string NewUscc()
    {
        const string alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
        var body = "91510100MA" + string.Concat(Enumerable.Range(0, 7).Select(_ => alphabet[RandomNumberGenerator.GetInt32(alphabet.Length)]));
        return body + MarketKit.Uscc.CheckCharacter(body);
    }
}
