using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace TechMarket.Tools;

/// <summary>An organisation on the market and the person who acts for it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Client">The person's connection, signed in.</param>
/// <param name="Password">The person's password.</param>
public sealed record Member(Guid Id, string Name, MarketClient Client, string Password);

/// <summary>Registers made-up organisations: with valid codes, on reserved mail domains, so that nobody real is meant.</summary>
public static class TrialOrganisations
{
    const string UsccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

    /// <summary>Signs an organisation up under a mail address and password of its own, has the operator verify it and signs its first person
    /// in.</summary>
    public static Task<Member> JoinAsync(
        MarketClient operators, string kind, string name, string regionCode, string personName, CancellationToken ct) =>
        JoinAsync(operators, kind, name, regionCode, personName, $"{kind}.{Guid.NewGuid():N}@example.org", NewPassword(), ct);

    /// <summary>Signs an organisation up, has the operator verify it and signs its first person in.</summary>
    public static async Task<Member> JoinAsync(
        MarketClient operators, string kind, string name, string regionCode, string personName, string email, string password, CancellationToken ct)
    {
        var newcomer = operators.Another();
        var organisation = await newcomer.PostAsync("/api/organisations", new
        {
            name,
            kind,
            uscc = NewUscc(kind, regionCode),
            regionCode,
            admin = new { name = personName, email, password },
        }, ct);
        var id = (Guid)organisation["id"]!;
        await operators.PostAsync($"/api/organisations/{id}/verification", new { decision = "verified", reason = "演示" }, ct);
        await newcomer.SignInAsync(email, password, ct);
        return new Member(id, name, newcomer, password);
    }

    /// <summary>A colleague with roles, signed in.</summary>
    public static Task<Member> AddColleagueAsync(Member admin, string personName, string[] roles, CancellationToken ct) =>
        AddColleagueAsync(admin, personName, roles, $"colleague.{Guid.NewGuid():N}@example.org", NewPassword(), ct);

    /// <summary>A colleague with roles, under a given mail address and password, signed in.</summary>
    public static async Task<Member> AddColleagueAsync(
        Member admin, string personName, string[] roles, string email, string password, CancellationToken ct)
    {
        await admin.Client.PostAsync("/api/users", new { name = personName, email, password, roles }, ct);
        var client = admin.Client.Another();
        await client.SignInAsync(email, password, ct);
        return new Member(admin.Id, admin.Name, client, password);
    }

    /// <summary>Amounts as the API takes them.</summary>
    public static JsonObject Cny(decimal amount) => new()
    {
        ["amount"] = amount.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture),
        ["currency"] = "CNY",
    };

    /// <summary>A password nobody has used before.</summary>
    public static string NewPassword() => $"Demo-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(9))}";

    /// <summary>A valid, made-up 统一社会信用代码 (GB 32100-2015): 12 for institutions, 11 for bodies of the state, 91 for enterprises.</summary>
    public static string NewUscc(string kind, string regionCode)
    {
        var authority = kind switch { "university" or "institute" or "hospital" or "registry" => "12", "bureau" => "11", _ => "91" };
        var body = authority + regionCode + "MA" + RandomNumberGenerator.GetString(UsccAlphabet, 7);
        var sum = 0;
        var weight = 1;
        foreach (var c in body)
        {
            sum += UsccAlphabet.IndexOf(c, StringComparison.Ordinal) * weight;
            weight = weight * 3 % 31;
        }

        return body + UsccAlphabet[(31 - (sum % 31)) % 31];
    }
}
