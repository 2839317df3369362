using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace TechMarket.ServiceKit;

/// <summary>The roles a person may have in an organisation (design §8).</summary>
public static class Roles
{
    /// <summary>Offers achievements.</summary>
    public const string Provider = "provider";

    /// <summary>Reviews what a unit submits before it leaves the unit.</summary>
    public const string Reviewer = "reviewer";

    /// <summary>Posts needs, bids, buys.</summary>
    public const string Seeker = "seeker";

    /// <summary>技术经纪人.</summary>
    public const string Broker = "broker";

    /// <summary>Juror or adviser.</summary>
    public const string Expert = "expert";

    /// <summary>科技特派员.</summary>
    public const string Commissioner = "commissioner";

    /// <summary>Information officer or member of a visiting team.</summary>
    public const string Officer = "officer";

    /// <summary>Offers finance.</summary>
    public const string Financier = "financier";

    /// <summary>Recognises and registers technology contracts.</summary>
    public const string Registrar = "registrar";

    /// <summary>Decides for a bureau within its jurisdiction.</summary>
    public const string Bureau = "bureau";

    /// <summary>Runs the platform.</summary>
    public const string Operator = "operator";

    /// <summary>Reads audit logs.</summary>
    public const string Auditor = "auditor";

    /// <summary>Not granted as such: the administrator of an organisation's people.</summary>
    public const string Admin = "admin";
}

/// <summary>The names of the claims in an access token.</summary>
public static class Claims
{
    /// <summary>The session; revoked with it.</summary>
    public const string Session = "sid";

    /// <summary>The organisation's id.</summary>
    public const string Organisation = "org";

    /// <summary>The organisation as JSON: <see cref="CallerOrganisation"/>.</summary>
    public const string OrganisationState = "org_state";

    /// <summary>One claim a role.</summary>
    public const string Role = "role";
}

/// <summary>The organisation a caller acts for, as it was when the token was made.</summary>
/// <param name="Name">Its registered name.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Uscc">统一社会信用代码.</param>
/// <param name="RegionCode">GB/T 2260.</param>
/// <param name="Verified">An operator verified it and did not suspend it.</param>
/// <param name="Jurisdiction">For bureaus and registries: region codes whose subtrees it decides for.</param>
public sealed record CallerOrganisation(
    string Name, string Kind, string Uscc, string RegionCode, bool Verified, IReadOnlyList<string> Jurisdiction);

/// <summary>Who makes a request, as the token says. Endpoints take it as a parameter; on public endpoints it may be anonymous.</summary>
/// <param name="PersonId">The person; empty when anonymous.</param>
/// <param name="SessionId">The session the token belongs to.</param>
/// <param name="OrganisationId">The organisation the person acts for; empty for platform operators without one.</param>
/// <param name="Organisation">That organisation's state.</param>
/// <param name="Roles">What the person may do there.</param>
public sealed record Caller(
    Guid PersonId, Guid SessionId, Guid OrganisationId, CallerOrganisation? Organisation, IReadOnlySet<string> Roles)
{
    /// <summary>Nobody in particular.</summary>
    public static readonly Caller Anonymous = new(Guid.Empty, Guid.Empty, Guid.Empty, null, new HashSet<string>());

    /// <summary>True when there is a person behind the request.</summary>
    public bool IsSignedIn => PersonId != Guid.Empty;

    /// <summary>True when the person has a role.</summary>
    public bool Is(string role) => Roles.Contains(role);

    /// <summary>True when a region lies in the caller's jurisdiction; a region covers its subtree (R5.5). An unknown region belongs to
    /// nobody in particular and so to every bureau.</summary>
    public bool Covers(string? regionCode) =>
        string.IsNullOrEmpty(regionCode) || Organisation is { } organisation && organisation.Jurisdiction.Any(own => RegionCovers(own, regionCode));

    /// <summary>True when <paramref name="region"/> is <paramref name="ancestor"/> or lies under it (GB/T 2260: zeros end a code).</summary>
    public static bool RegionCovers(string ancestor, string region) => region.StartsWith(RegionPrefix(ancestor), StringComparison.Ordinal);

    /// <summary>The digits that all codes of a region's subtree share: two for a province, four for a prefecture, six for a county;
    /// none for the whole country (000000 or 100000).</summary>
    public static string RegionPrefix(string regionCode)
    {
        ArgumentNullException.ThrowIfNull(regionCode);
        if (regionCode is "000000" or "100000") return "";
        if (regionCode.EndsWith("0000", StringComparison.Ordinal)) return regionCode[..2];
        return regionCode.EndsWith("00", StringComparison.Ordinal) ? regionCode[..4] : regionCode;
    }

    /// <summary>Reads the caller from the token of the request.</summary>
    public static ValueTask<Caller> BindAsync(HttpContext context) => ValueTask.FromResult(Of(context));

    /// <summary>Reads the caller from the token of the request.</summary>
    public static Caller Of(HttpContext context)
    {
        if (context.Features.Get<Caller>() is { } known) return known;
        var caller = Read(context.User);
        context.Features.Set(caller);
        return caller;
    }

    static Caller Read(ClaimsPrincipal user)
    {
        if (user.Identity?.IsAuthenticated != true || !Guid.TryParse(user.FindFirstValue("sub"), out var person)) return Anonymous;
        _ = Guid.TryParse(user.FindFirstValue(Claims.Session), out var session);
        _ = Guid.TryParse(user.FindFirstValue(Claims.Organisation), out var organisation);
        var state = user.FindFirstValue(Claims.OrganisationState) is { Length: > 0 } json
            ? JsonSerializer.Deserialize<CallerOrganisation>(json, Json.Options)
            : null;
        return new Caller(person, session, organisation, state, user.FindAll(Claims.Role).Select(claim => claim.Value).ToHashSet());
    }
}
