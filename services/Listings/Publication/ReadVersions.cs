using System.Text.Json;
using System.Text.Json.Nodes;
using TechMarket.ServiceKit;

namespace TechMarket.Listings.Publication;

/// <summary>Every change of a record is a version of its own that holder and bureau can read and compare (F1).</summary>
public static class ReadVersions
{
    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/achievements/{id:guid}/versions", ListAsync).ForSignedIn().Produces<Page<AchievementVersion>>()
            .ProducesProblem(404).WithSummary("List the versions of a record, the newest first");
        routes.MapGet("/api/achievements/{id:guid}/versions/{version:long}", GetAsync).ForSignedIn().Produces<AchievementVersion>()
            .ProducesProblem(404).WithSummary("Read a version");
        routes.MapGet("/api/achievements/{id:guid}/versions/{version:long}/changes", CompareAsync).ForSignedIn().Produces<VersionChanges>()
            .ProducesProblem(400).ProducesProblem(404).WithSummary("Compare a version with another (?since=, by default the one before)");
    }

    const string Columns = "version, status, status_reason, dispute, changed_by, changed_at, content::text as content_json";

    static async Task<IResult> ListAsync(Guid id, string? cursor, int? limit, Caller caller, Database database, CancellationToken ct)
    {
        var shape = new Shape();
        var size = Cursor.Limit(shape, limit);
        var before = long.MaxValue;
        if (!string.IsNullOrEmpty(cursor))
        {
            shape.Require(long.TryParse(cursor, out before) && before > 0, "cursor",
                "游标无效，请使用上一页返回的 nextCursor。", "Not a cursor of this list; use the nextCursor of the page before.");
        }

        if (shape.Problem is { } problem) return problem;
        if (!await MayReadAsync(id, caller, database, ct)) return Answer.NotFound;
        var rows = await database.QueryAsync<Row>($"""
            select {Columns} from achievement_version where achievement_id = @id and version < @before order by version desc limit @more
            """, new { id, before, more = size + 1 }, ct);
        return Answer.Ok(Page<AchievementVersion>.Of(
            [.. rows.Select(row => row.Answer(withContent: false))], size, row => row.Version.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    static async Task<IResult> GetAsync(Guid id, long version, Caller caller, Database database, CancellationToken ct) =>
        await MayReadAsync(id, caller, database, ct) && await FindAsync(id, version, database, ct) is { } row
            ? Answer.Ok(row.Answer(withContent: true)) : Answer.NotFound;

    static async Task<IResult> CompareAsync(Guid id, long version, long? since, Caller caller, Database database, CancellationToken ct)
    {
        var shape = new Shape();
        shape.OptionalRange("since", since, 1, version - 1);
        if (shape.Problem is { } problem) return problem;
        if (!await MayReadAsync(id, caller, database, ct) || await FindAsync(id, version, database, ct) is not { } after) return Answer.NotFound;
        if (await FindAsync(id, since ?? version - 1, database, ct) is not { } before) return Answer.NotFound;
        List<FieldChange> changes = [];
        if (before.Status != after.Status) changes.Add(new FieldChange("status", before.Status, after.Status));
        if (before.Dispute != after.Dispute) changes.Add(new FieldChange("dispute", before.Dispute, after.Dispute));
        changes.AddRange(Differences(JsonNode.Parse(before.ContentJson)!.AsObject(), JsonNode.Parse(after.ContentJson)!.AsObject()));
        return Answer.Ok(new VersionChanges(before.Version, after.Version, changes));
    }

    /// <summary>The fields that two contents do not say alike.</summary>
    internal static IEnumerable<FieldChange> Differences(JsonObject before, JsonObject after) =>
        before.Select(field => field.Key).Union(after.Select(field => field.Key)).Where(field => !JsonNode.DeepEquals(before[field], after[field]))
            .Select(field => new FieldChange(field, before[field]?.DeepClone(), after[field]?.DeepClone()));

    static async Task<bool> MayReadAsync(Guid id, Caller caller, Database database, CancellationToken ct) =>
        await database.SingleOrDefaultAsync<Achievement>($"select {Achievement.Columns} from achievement where id = @id", new { id }, ct) is { } achievement
        && (achievement.IsOf(caller) || achievement.IsBefore(caller) || caller.Is(Roles.Operator));

    static Task<Row?> FindAsync(Guid id, long version, Database database, CancellationToken ct) => database.SingleOrDefaultAsync<Row>(
        $"select {Columns} from achievement_version where achievement_id = @id and version = @version", new { id, version }, ct);

    sealed class Row
    {
        public long Version { get; init; }

        public string Status { get; init; } = "";

        public string? StatusReason { get; init; }

        public string? Dispute { get; init; }

        public Guid ChangedBy { get; init; }

        public DateTimeOffset ChangedAt { get; init; }

        public string ContentJson { get; init; } = "";

        public AchievementVersion Answer(bool withContent) => new(
            Version, Status, StatusReason, Dispute, ChangedBy, ChangedAt,
            withContent ? JsonSerializer.Deserialize<AchievementContent>(ContentJson, Json.Options) : null);
    }
}

/// <summary>A version of a record.</summary>
/// <param name="Version">Counts its changes from 1.</param>
/// <param name="Status">The state it was brought to.</param>
/// <param name="StatusReason">Why.</param>
/// <param name="Dispute">The dispute that was running.</param>
/// <param name="ChangedBy">The person who made the change.</param>
/// <param name="ChangedAt">When.</param>
/// <param name="Content">What it said; left out of lists.</param>
public sealed record AchievementVersion(
    long Version, string Status, string? StatusReason, string? Dispute, Guid ChangedBy, DateTimeOffset ChangedAt, AchievementContent? Content);

/// <summary>What changed between two versions.</summary>
/// <param name="Since">The earlier one.</param>
/// <param name="Version">The later one.</param>
/// <param name="Changes">Field by field.</param>
public sealed record VersionChanges(long Since, long Version, IReadOnlyList<FieldChange> Changes);

/// <summary>A field that changed.</summary>
/// <param name="Field">Its name.</param>
/// <param name="Before">What it said; null for nothing.</param>
/// <param name="After">What it says.</param>
public sealed record FieldChange(string Field, object? Before, object? After);
