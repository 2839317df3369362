using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TechMarket.Events;
using TechMarket.MarketKit;
using TechMarket.ServiceKit;

namespace TechMarket.Listings.Registration;

/// <summary>The certificate of a registration: what was registered on that day, and its hash. It proves the registration, not the ownership (R1.5).</summary>
public static class AchievementCertificate
{
    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/achievements/{id:guid}/certificate", HandleAsync).ForAnyone().Produces<RegistrationCertificate>().ProducesProblem(404)
            .WithSummary("Verify the certificate of a registration");

    static async Task<IResult> HandleAsync(Guid id, Caller caller, Database database, CancellationToken ct)
    {
        var achievement = await database.SingleOrDefaultAsync<Achievement>($"select {Achievement.Columns} from achievement where id = @id", new { id }, ct);
        // Before it is published only its own people and its bureau know of it; a cancelled one is shown as cancelled to whoever holds a copy.
        if (achievement?.RegistrationNo is null) return Answer.NotFound;
        if (achievement.Status == "registered" && !achievement.IsOf(caller) && !achievement.IsBefore(caller)) return Answer.NotFound;
        var registered = await database.SingleOrDefaultAsync<string>("""
            select content::text from achievement_version where achievement_id = @id and status = 'registered' order by version limit 1
            """, new { id }, ct);
        var content = JsonSerializer.Deserialize<AchievementContent>(registered ?? achievement.ContentJson, Json.Options)!;
        var statement = new RegistrationStatement(
            achievement.RegistrationNo, content.Title, content.Category!, achievement.OrganisationName, content.Completers, content.RegionCode!,
            ShanghaiTime.DateOf(achievement.RegisteredAt!.Value));
        var text = JsonSerializer.Serialize(statement, Json.Options);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        return Answer.Ok(new RegistrationCertificate(statement, text, hash, achievement.Status == "cancelled" ? "cancelled" : "valid",
            "本证书不作为确认科技成果权属的直接依据。"));
    }
}

/// <summary>What is certified.</summary>
/// <param name="RegistrationNo">批准登记号.</param>
/// <param name="Title">成果名称.</param>
/// <param name="Category">成果类别.</param>
/// <param name="FirstCompleter">第一完成单位.</param>
/// <param name="Completers">完成人, in the order of contribution.</param>
/// <param name="RegionCode">所在地.</param>
/// <param name="RegisteredOn">批准登记日期, in Shanghai.</param>
public sealed record RegistrationStatement(
    string RegistrationNo, string Title, string Category, string FirstCompleter, IReadOnlyList<CompleterFact> Completers, string RegionCode,
    DateOnly RegisteredOn);

/// <summary>A certificate of registration.</summary>
/// <param name="Statement">What is certified.</param>
/// <param name="Text">The same as the text that is hashed.</param>
/// <param name="Hash">SHA-256 of its UTF-8 bytes, lower-case hexadecimal.</param>
/// <param name="Status">valid or cancelled.</param>
/// <param name="Note">It is no proof of ownership (R1.5).</param>
public sealed record RegistrationCertificate(RegistrationStatement Statement, string Text, string Hash, string Status, string Note);
