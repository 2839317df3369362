using System.Globalization;
using TechMarket.ServiceKit;

namespace TechMarket.Listings.Publication;

/// <summary>Reading single records, one's own, what waits before a bureau, and the feed of all public changes.</summary>
public static class ReadAchievements
{
    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/achievements/{id:guid}", GetAsync).ForAnyone().Produces<AchievementAnswer>().ProducesProblem(404)
            .WithSummary("Read an achievement");
        routes.MapGet("/api/achievements/mine", MineAsync).ForRoles(Roles.Provider).Produces<Page<AchievementAnswer>>()
            .WithSummary("List one's organisation's achievements");
        routes.MapGet("/api/achievements/awaiting", AwaitingAsync).ForRoles(Roles.Bureau, Roles.Reviewer).Produces<Page<AchievementAnswer>>()
            .WithSummary("List what waits for the bureau's decision, or for the unit's own reviewer");
        routes.MapGet("/api/achievements/changes", ChangesAsync).ForAnyone().Produces<Page<AchievementChange>>()
            .WithSummary("Every public change in its order, withdrawals included");
    }

    static async Task<IResult> GetAsync(Guid id, Caller caller, Database database, CancellationToken ct)
    {
        var achievement = await database.SingleOrDefaultAsync<Achievement>($"select {Achievement.Columns} from achievement where id = @id", new { id }, ct);
        return achievement is not null
            && (achievement.Status == "published" || achievement.IsOf(caller) || achievement.IsBefore(caller) || caller.Is(Roles.Operator))
                ? Answer.Ok(achievement.For(caller)) with { Version = achievement.Version }
                : Answer.NotFound;
    }

    static async Task<IResult> MineAsync(string? status, string? cursor, int? limit, Caller caller, Database database, CancellationToken ct)
    {
        var shape = new Shape();
        var from = Cursor.Read(shape, cursor);
        var size = Cursor.Limit(shape, limit);
        if (shape.Problem is { } problem) return problem;
        var rows = await database.QueryAsync<Achievement>($"""
            select {Achievement.Columns} from achievement
            where organisation_id = @OrganisationId and (@status::text is null or status = @status)
              and (@at::timestamptz is null or (created_at, id) < (@at, @id))
            order by created_at desc, id desc limit @more
            """, new { caller.OrganisationId, status, at = from?.At, id = from?.Id, more = size + 1 }, ct);
        return Answer.Ok(Page(rows, size, caller));
    }

    static async Task<IResult> AwaitingAsync(string? cursor, int? limit, Caller caller, Database database, CancellationToken ct)
    {
        var shape = new Shape();
        var from = Cursor.Read(shape, cursor);
        var size = Cursor.Limit(shape, limit);
        if (shape.Problem is { } problem) return problem;
        var rows = await database.QueryAsync<Achievement>($"""
            select {Achievement.Columns} from achievement
            where (@isBureau and status in ('submitted', 'screened') and region_code like any (@regions)
                   or @isReviewer and status = 'in_unit_review' and organisation_id = @OrganisationId)
              and (@at::timestamptz is null or (created_at, id) > (@at, @id))
            order by created_at, id limit @more
            """,
            new
            {
                isBureau = caller.Is(Roles.Bureau),
                isReviewer = caller.Is(Roles.Reviewer),
                caller.OrganisationId,
                regions = caller.Organisation!.Jurisdiction.Select(region => Caller.RegionPrefix(region) + "%").ToArray(),
                at = from?.At,
                id = from?.Id,
                more = size + 1,
            }, ct);
        return Answer.Ok(Page(rows, size, caller));
    }

    /// <summary>Ordered by the transaction that made the change, and read only up to the oldest one still running: a change that commits late
    /// is never passed over.</summary>
    static async Task<IResult> ChangesAsync(string? cursor, int? limit, Database database, CancellationToken ct)
    {
        var shape = new Shape();
        var size = Cursor.Limit(shape, limit);
        var (after, afterId) = (0L, Guid.Empty);
        if (!string.IsNullOrEmpty(cursor))
        {
            var isCursor = Cursor.Read(cursor, 2) is [var transactionText, var idText]
                && long.TryParse(transactionText, NumberStyles.None, CultureInfo.InvariantCulture, out after) && Guid.TryParse(idText, out afterId);
            shape.Require(isCursor, "cursor", "游标无效，请使用上一页返回的 nextCursor。", "Not a cursor of this list; use the nextCursor of the page before.");
        }

        if (shape.Problem is { } problem) return problem;
        var rows = await database.QueryAsync<ChangedAchievement>($"""
            select {Achievement.Columns}, changed_in::text::bigint as changed_in from achievement
            where published_version > 0 and (changed_in, id) > (@after::text::xid8, @afterId) and changed_in < pg_snapshot_xmin(pg_current_snapshot())
            order by changed_in, id limit @size
            """, new { after, afterId, size }, ct);
        var items = rows.Select(row => new AchievementChange(
            row.Id, row.PublishedVersion, row.Status == "published" ? row.For(Caller.Anonymous) : null, row.ChangedAt)).ToList();
        // The cursor is given on the last page too: whoever follows the feed asks on from there.
        var next = rows.Count == 0
            ? cursor
            : Cursor.Write(rows[^1].ChangedIn.ToString(CultureInfo.InvariantCulture), rows[^1].Id.ToString());
        return Answer.Ok(new Page<AchievementChange>(items, next));
    }

    static Page<AchievementAnswer> Page(IReadOnlyList<Achievement> rows, int size, Caller caller) => Page<AchievementAnswer>.Of(
        [.. rows.Select(row => row.For(caller))], size, row => new Cursor(row.CreatedAt, row.Id).ToString());

    sealed class ChangedAchievement : Achievement
    {
        public long ChangedIn { get; init; }
    }
}

/// <summary>A public change.</summary>
/// <param name="Id">The achievement.</param>
/// <param name="Version">Counts its public states.</param>
/// <param name="Achievement">The public record; null when it was withdrawn.</param>
/// <param name="ChangedAt">When.</param>
public sealed record AchievementChange(Guid Id, long Version, AchievementAnswer? Achievement, DateTimeOffset ChangedAt);
