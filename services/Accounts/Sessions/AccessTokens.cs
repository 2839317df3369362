using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using TechMarket.Accounts.Keys;
using TechMarket.ServiceKit;

namespace TechMarket.Accounts.Sessions;

/// <summary>Makes access tokens. They say who somebody is and for whom he acts at the moment they are made.</summary>
public sealed class AccessTokens(SigningKeys keys, TimeProvider clock, IConfiguration configuration)
{
    /// <summary>How long a token lives: <c>Tokens:AccessMinutes</c>, 30 by default (design §8).</summary>
    public TimeSpan Lifetime { get; } = TimeSpan.FromMinutes(configuration.GetValue("Tokens:AccessMinutes", 30.0));

    /// <summary>A token of a session.</summary>
    internal string Make(Bearer bearer, Guid sessionId)
    {
        var now = clock.GetUtcNow();
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = "techmarket",
            Audience = "techmarket",
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime.AddSeconds(-5),
            Expires = (now + Lifetime).UtcDateTime,
            SigningCredentials = keys.Current,
            Claims = new Dictionary<string, object>
            {
                ["sub"] = bearer.PersonId.ToString(),
                [Claims.Session] = sessionId.ToString(),
                [Claims.Organisation] = bearer.OrganisationId?.ToString() ?? "",
                [Claims.OrganisationState] = bearer.OrganisationId is null ? "" : JsonSerializer.Serialize(bearer.State(), Json.Options),
                [Claims.Role] = bearer.IsAdmin ? [.. bearer.Roles, Roles.Admin] : bearer.Roles,
            },
        });
    }
}

/// <summary>Whoever a token is made for, with the state of the organisation.</summary>
sealed class Bearer
{
    public const string Query = """
        select p.id as person_id, p.organisation_id, p.roles, p.is_admin, p.status, p.password_hash, p.failed_count, p.locked_until,
               o.name, o.kind, o.uscc, o.region_code, o.jurisdiction, o.status as organisation_status
        from person p left join organisation o on o.id = p.organisation_id
        """;

    public Guid PersonId { get; init; }

    public Guid? OrganisationId { get; init; }

    public string[] Roles { get; set; } = [];

    public bool IsAdmin { get; set; }

    public string Status { get; init; } = "";

    public string? PasswordHash { get; init; }

    public int FailedCount { get; init; }

    public DateTimeOffset? LockedUntil { get; init; }

    public string? Name { get; init; }

    public string? Kind { get; init; }

    public string? Uscc { get; init; }

    public string? RegionCode { get; init; }

    public string[]? Jurisdiction { get; init; }

    public string? OrganisationStatus { get; init; }

    /// <summary>The same person with some of his roles alone: what a key was made for. With all of them when null.</summary>
    public Bearer ConfinedTo(string[]? roles)
    {
        if (roles is null) return this;
        Roles = [.. Roles.Intersect(roles)];
        IsAdmin = false;
        return this;
    }

    public CallerOrganisation State() =>
        new(Name!, Kind!, Uscc!, RegionCode!, OrganisationStatus == "verified", Jurisdiction ?? []);
}
