using TechMarket.Events;
using TechMarket.ServiceKit;

namespace TechMarket.Accounts.Organisations;

/// <summary>An organisation as its table holds it.</summary>
sealed class Organisation
{
    public const string Columns = "id, version, name, kind, uscc, region_code, jurisdiction, status, status_reason, created_at, changed_at";

    public Guid Id { get; init; }

    public long Version { get; set; }

    public string Name { get; init; } = "";

    public string Kind { get; init; } = "";

    public string Uscc { get; init; } = "";

    public string RegionCode { get; init; } = "";

    public string[] Jurisdiction { get; set; } = [];

    public string Status { get; set; } = "";

    public string? StatusReason { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>The organisation, locked until the transaction ends; null when there is none.</summary>
    public static Task<Organisation?> LockAsync(Transaction transaction, Guid id, CancellationToken ct) =>
        transaction.SingleOrDefaultAsync<Organisation>($"select {Columns} from organisation where id = @id for update", new { id }, ct);

    /// <summary>Writes its state as a new version and announces it.</summary>
    public async Task SaveAsync(Transaction transaction, CancellationToken ct)
    {
        Version++;
        ChangedAt = transaction.Now;
        await transaction.ExecuteAsync("""
            update organisation set version = @Version, jurisdiction = @Jurisdiction, status = @Status, status_reason = @StatusReason,
                changed_at = @ChangedAt
            where id = @Id
            """, this, ct);
        var hasReviewer = await transaction.SingleOrDefaultAsync<bool>("""
            select exists (select 1 from person where organisation_id = @Id and status = 'active' and @role = any (roles))
            """, new { Id, role = Roles.Reviewer }, ct);
        Announce(transaction, hasReviewer);
    }

    /// <summary>Announces anew an organisation whose circle of reviewers may have changed.</summary>
    public static async Task ReviewersMayHaveChangedAsync(Transaction transaction, Guid? id, IEnumerable<string> roles, CancellationToken ct)
    {
        if (id is null || !roles.Contains(Roles.Reviewer)) return;
        if (await LockAsync(transaction, id.Value, ct) is { } organisation) await organisation.SaveAsync(transaction, ct);
    }

    /// <summary>Announces its state.</summary>
    public void Announce(Transaction transaction, bool hasReviewer) => transaction.Publish(
        Id, new OrganisationChanged(Id, Version, Name, Kind, Uscc, RegionCode, Status, Jurisdiction, ChangedAt, hasReviewer));

    public OrganisationAnswer Answer() => new(Id, Name, Kind, Uscc, RegionCode, Jurisdiction, Status, CreatedAt);
}

/// <summary>What anyone may know of an organisation.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its registered name.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Uscc">统一社会信用代码.</param>
/// <param name="RegionCode">GB/T 2260.</param>
/// <param name="Jurisdiction">For bureaus and registries: the region codes whose subtrees it decides for.</param>
/// <param name="Status">pending, verified, rejected or suspended.</param>
/// <param name="CreatedAt">When it signed up.</param>
public sealed record OrganisationAnswer(
    Guid Id, string Name, string Kind, string Uscc, string RegionCode, IReadOnlyList<string> Jurisdiction, string Status, DateTimeOffset CreatedAt);
