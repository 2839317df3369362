using System.Collections.Frozen;
using TechMarket.ServiceKit;

namespace TechMarket.Listings.Supervision;

/// <summary>Anyone may report a published listing as infringing, false or secret (F40); holder, bureau and operators read the reports, the bureau
/// decides them.</summary>
public static class ReportListing
{
    static readonly FrozenSet<string> Kinds = new[] { "infringing", "false", "secret", "other" }.ToFrozenSet(StringComparer.Ordinal);
    static readonly FrozenSet<string> Decisions = new[] { "upheld", "dismissed" }.ToFrozenSet(StringComparer.Ordinal);

    const string Columns = "id, kind, reason, contact, reported_at, status, decision, decided_at";

    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/achievements/{id:guid}/reports", ReportAsync).ForAnyone().Produces<ReportAnswer>(201).ProducesProblem(400)
            .ProducesProblem(404).WithSummary("Report a listing");
        routes.MapGet("/api/achievements/{id:guid}/reports", ListAsync).ForSignedIn().Produces<ReportList>().ProducesProblem(404)
            .WithSummary("Read the reports on a listing: holder, bureau, operators");
        routes.MapPost("/api/achievements/{id:guid}/reports/{reportId:guid}/decision", DecideAsync).ForRoles(Roles.Bureau).Produces<ReportAnswer>()
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).WithSummary("Decide a report");
    }

    static async Task<IResult> ReportAsync(Guid id, ReportRequest request, Caller caller, Database database, CancellationToken ct)
    {
        var shape = new Shape();
        var kind = shape.OneOf("kind", request.Kind, Kinds);
        var reason = shape.Text("reason", request.Reason, 2_000);
        var contact = shape.OptionalText("contact", request.Contact, 200);
        if (shape.Problem is { } problem) return problem;
        await using var transaction = await database.BeginAsync(ct);
        var report = await transaction.SingleOrDefaultAsync<ReportAnswer>($"""
            insert into listing_report (id, achievement_id, kind, reason, contact, reported_by, reported_at, status)
            select @report, id, @kind, @reason, @contact, @person, @Now, 'open' from achievement where id = @id and status in ('published', 'suspended')
            returning {Columns}
            """,
            new
            {
                report = Guid.CreateVersion7(transaction.Now),
                id,
                kind,
                reason,
                contact,
                person = caller.IsSignedIn ? caller.PersonId : (Guid?)null,
                transaction.Now,
            }, ct);
        return report is null ? Answer.NotFound
            : await transaction.CommitAsync(Answer.Created($"/api/achievements/{id}/reports", report), ct);
    }

    static async Task<IResult> ListAsync(Guid id, Caller caller, Database database, CancellationToken ct)
    {
        var achievement = await database.SingleOrDefaultAsync<Achievement>($"select {Achievement.Columns} from achievement where id = @id", new { id }, ct);
        if (achievement is null || !(achievement.IsOf(caller) || achievement.IsBefore(caller) || caller.Is(Roles.Operator))) return Answer.NotFound;
        var rows = await database.QueryAsync<ReportAnswer>(
            $"select {Columns} from listing_report where achievement_id = @id order by reported_at desc, id desc limit 100", new { id }, ct);
        // Who reported is between the reporter and the bureau.
        return Answer.Ok(new ReportList(achievement.IsOf(caller) ? [.. rows.Select(row => row with { Contact = null })] : rows));
    }

    static async Task<IResult> DecideAsync(
        Guid id, Guid reportId, ReportDecisionRequest request, Caller caller, Database database, CancellationToken ct)
    {
        var shape = new Shape();
        var decision = shape.OneOf("decision", request.Decision, Decisions);
        var reason = shape.Text("reason", request.Reason, 2_000);
        if (shape.Problem is { } problem) return problem;
        await using var transaction = await database.BeginAsync(ct);
        if (await Achievement.LockAsync(transaction, id, ct) is not { } achievement || !achievement.IsBefore(caller)) return Answer.NotFound;
        var report = await transaction.SingleOrDefaultAsync<ReportAnswer>($"""
            update listing_report set status = @decision, decision = @reason, decided_at = @Now
            where id = @reportId and achievement_id = @id and status = 'open' returning {Columns}
            """, new { decision, reason, transaction.Now, reportId, id }, ct);
        if (report is null)
        {
            var isThere = await transaction.SingleOrDefaultAsync<bool>(
                "select exists (select 1 from listing_report where id = @reportId and achievement_id = @id)", new { reportId, id }, ct);
            return isThere ? Answer.Refused(Refusals.WrongState) : Answer.NotFound;
        }

        transaction.Audit(caller, $"listing_report.{decision}", reportId, new { achievementId = id, reason });
        return await transaction.CommitAsync(Answer.Ok(report), ct);
    }
}

/// <summary>Reports a listing.</summary>
/// <param name="Kind">infringing, false, secret or other.</param>
/// <param name="Reason">What is wrong, at most 2,000 characters.</param>
/// <param name="Contact">Where the bureau may ask; only the bureau reads it.</param>
public sealed record ReportRequest(string? Kind, string? Reason, string? Contact);

/// <summary>Decides a report.</summary>
/// <param name="Decision">upheld or dismissed.</param>
/// <param name="Reason">Why.</param>
public sealed record ReportDecisionRequest(string? Decision, string? Reason);

/// <summary>A report on a listing.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">infringing, false, secret or other.</param>
/// <param name="Reason">What is wrong.</param>
/// <param name="Contact">For the bureau alone.</param>
/// <param name="ReportedAt">When.</param>
/// <param name="Status">open, upheld or dismissed.</param>
/// <param name="Decision">Why it was decided so.</param>
/// <param name="DecidedAt">When it was decided.</param>
public sealed record ReportAnswer(
    Guid Id, string Kind, string Reason, string? Contact, DateTimeOffset ReportedAt, string Status, string? Decision, DateTimeOffset? DecidedAt);

/// <summary>Reports.</summary>
/// <param name="Items">The newest first, at most 100.</param>
public sealed record ReportList(IReadOnlyList<ReportAnswer> Items);
