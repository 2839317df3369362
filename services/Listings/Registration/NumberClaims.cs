using TechMarket.ServiceKit;

namespace TechMarket.Listings.Registration;

/// <summary>One patent and one project give one record (R1.2): a record that is handed in claims its numbers, and whoever comes second is refused
/// until the first has left. The table's key decides between two at once.</summary>
static class NumberClaims
{
    /// <summary>409: another record holds the patent or project number.</summary>
    public static readonly Refusal Taken = new("achievement-duplicate", "该专利号或项目编号已有登记记录，不得重复登记。",
        "Another record holds the same patent or project number; the same result is not registered twice.");

    /// <summary>Claims the numbers of a record; the answer refuses when one is held.</summary>
    public static async Task<Answer?> ClaimAsync(Transaction transaction, Guid id, AchievementContent content, CancellationToken ct)
    {
        await ReleaseAsync(transaction, id, ct);
        var claims = Of(content).Distinct().Order().ToList();
        foreach (var (kind, number) in claims)
        {
            var holder = await transaction.SingleOrDefaultAsync<Guid>("""
                insert into number_claim (kind, number, achievement_id) values (@kind, @number, @id)
                on conflict on constraint number_claim_is_unique do update set achievement_id = number_claim.achievement_id
                returning achievement_id
                """, new { kind, number, id }, ct);
            if (holder != id) return Answer.Refused(Taken, new { kind, number, achievementId = holder });
        }

        return null;
    }

    /// <summary>Gives the numbers of a record back.</summary>
    public static Task ReleaseAsync(Transaction transaction, Guid id, CancellationToken ct) =>
        transaction.ExecuteAsync("delete from number_claim where achievement_id = @id", new { id }, ct);

    /// <summary>The numbers of a record in one spelling: of a patent the digits before the check character.</summary>
    public static IEnumerable<(string Kind, string Number)> Of(AchievementContent content)
    {
        foreach (var right in content.IntellectualProperty)
        {
            if (right.Kind is "invention" or "utility_model" or "design" && PatentNumbers.Canonical(right.Number ?? "") is { } patent)
                yield return ("patent", patent);
        }

        if (content.Form?.ProjectNo is { } projectNo) yield return ("project", projectNo.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant());
    }
}
