using TechMarket.Listings.Publication;
using TechMarket.MarketKit;
using TechMarket.ServiceKit;

namespace TechMarket.Listings.Supervision;

/// <summary>The bureau takes a listing off the market at once, hears the holder within a time, and puts it back or cancels it (F40, F51).</summary>
public static class SuspendListing
{
    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/achievements/{id:guid}/suspension", SuspendAsync).ForRoles(Roles.Bureau, Roles.Operator).Produces<SuspensionAnswer>()
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).WithSummary("Suspend a listing at once");
        routes.MapGet("/api/achievements/{id:guid}/suspension", GetAsync).ForSignedIn().Produces<SuspensionAnswer>().ProducesProblem(404)
            .WithSummary("Read the newest suspension: holder, bureau, operators");
        routes.MapPost("/api/achievements/{id:guid}/suspension/answer", AnswerAsync).ForRoles(Roles.Provider).Produces<SuspensionAnswer>()
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).WithSummary("Answer as the holder");
        routes.MapPost("/api/achievements/{id:guid}/reinstatement", ReinstateAsync).ForRoles(Roles.Bureau, Roles.Operator).Produces<AchievementAnswer>()
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).WithSummary("Put a suspended listing back");
    }

    /// <summary>Ends the suspension that runs, if one does.</summary>
    internal static Task EndAsync(Transaction transaction, Guid id, string end, CancellationToken ct) => transaction.ExecuteAsync(
        "update suspension set ended_as = @end, ended_at = @Now where achievement_id = @id and ended_at is null", new { id, end, transaction.Now }, ct);

    static async Task<IResult> SuspendAsync(
        Guid id, SupervisionRequest request, Caller caller, Database database, Parameters parameters, IndexFeed feed, CancellationToken ct)
    {
        if (request.Check(out var reason) is { } problem) return problem;
        await using var transaction = await database.BeginAsync(ct);
        if (await FindAsync(transaction, id, caller, ct) is not { } achievement) return Answer.NotFound;
        if (achievement.Status != "published") return Answer.Refused(Refusals.WrongState, new { achievement.Status });
        var today = ShanghaiTime.DateOf(transaction.Now);
        var due = WorkingDays.AfterWorkingDays(today, await parameters.IntegerAsync("listing.answerWd", today, ct)).LastDay;
        achievement.Status = "suspended";
        achievement.StatusReason = reason;
        achievement.Recall(transaction, feed, reason);
        await achievement.SaveAsync(transaction, caller, ct);
        var suspension = await transaction.SingleOrDefaultAsync<SuspensionAnswer>($"""
            insert into suspension (id, achievement_id, reason, suspended_by, suspended_at, answer_due_on)
            values (@suspension, @id, @reason, @PersonId, @Now, @due) returning {SuspensionAnswer.Columns}
            """, new { suspension = Guid.CreateVersion7(transaction.Now), id, reason, caller.PersonId, transaction.Now, due }, ct);
        transaction.Audit(caller, "achievement.suspended", id, new { reason, due });
        return await transaction.CommitAsync(Answer.Ok(suspension!), ct);
    }

    static async Task<IResult> GetAsync(Guid id, Caller caller, Database database, CancellationToken ct)
    {
        var achievement = await database.SingleOrDefaultAsync<Achievement>($"select {Achievement.Columns} from achievement where id = @id", new { id }, ct);
        if (achievement is null || !(achievement.IsOf(caller) || achievement.IsBefore(caller) || caller.Is(Roles.Operator))) return Answer.NotFound;
        var suspension = await database.SingleOrDefaultAsync<SuspensionAnswer>(
            $"select {SuspensionAnswer.Columns} from suspension where achievement_id = @id order by suspended_at desc limit 1", new { id }, ct);
        return suspension is null ? Answer.NotFound : Answer.Ok(suspension);
    }

    static async Task<IResult> AnswerAsync(Guid id, HolderAnswerRequest request, Caller caller, Database database, CancellationToken ct)
    {
        var shape = new Shape();
        var text = shape.Text("answer", request.Answer, 4_000);
        if (shape.Problem is { } problem) return problem;
        await using var transaction = await database.BeginAsync(ct);
        if (await Achievement.LockAsync(transaction, id, ct) is not { } achievement || !achievement.IsOf(caller)) return Answer.NotFound;
        var suspension = await transaction.SingleOrDefaultAsync<SuspensionAnswer>($"""
            update suspension set answer = @text, answered_at = @Now where achievement_id = @id and ended_at is null and answer is null
            returning {SuspensionAnswer.Columns}
            """, new { id, text, transaction.Now }, ct);
        if (suspension is null) return Answer.Refused(Refusals.WrongState, new { achievement.Status });
        transaction.Audit(caller, "achievement.suspension_answered", id);
        return await transaction.CommitAsync(Answer.Ok(suspension), ct);
    }

    static async Task<IResult> ReinstateAsync(Guid id, SupervisionRequest request, Caller caller, Database database, IndexFeed feed, CancellationToken ct)
    {
        if (request.Check(out var reason) is { } problem) return problem;
        await using var transaction = await database.BeginAsync(ct);
        if (await FindAsync(transaction, id, caller, ct) is not { } achievement) return Answer.NotFound;
        if (achievement.Status != "suspended") return Answer.Refused(Refusals.WrongState, new { achievement.Status });
        achievement.Status = "published";
        achievement.StatusReason = null;
        achievement.Offer(transaction, feed);
        await achievement.SaveAsync(transaction, caller, ct);
        await EndAsync(transaction, id, "reinstated", ct);
        transaction.Audit(caller, "achievement.reinstated", id, new { reason });
        return await transaction.CommitAsync(Answer.Ok(achievement.For(caller)), ct);
    }

    static async Task<Achievement?> FindAsync(Transaction transaction, Guid id, Caller caller, CancellationToken ct) =>
        await Achievement.LockAsync(transaction, id, ct) is { } achievement && (achievement.IsBefore(caller) || caller.Is(Roles.Operator)) ? achievement : null;
}

/// <summary>A decision of supervision.</summary>
/// <param name="Reason">Why; the holder reads it.</param>
public sealed record SupervisionRequest(string? Reason)
{
    /// <summary>The problem of a request without a reason.</summary>
    internal Answer? Check(out string reason)
    {
        var shape = new Shape();
        reason = shape.Text("reason", Reason, 2_000);
        return shape.Problem;
    }
}

/// <summary>The holder's answer to a suspension.</summary>
/// <param name="Answer">At most 4,000 characters.</param>
public sealed record HolderAnswerRequest(string? Answer);

/// <summary>A suspension.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Reason">Why.</param>
/// <param name="SuspendedAt">When.</param>
/// <param name="AnswerDueOn">The last day on which the holder is heard.</param>
/// <param name="Answer">What the holder answered.</param>
/// <param name="AnsweredAt">When.</param>
/// <param name="EndedAs">reinstated, cancelled or withdrawn; null while it runs.</param>
/// <param name="EndedAt">When it ended.</param>
public sealed record SuspensionAnswer(
    Guid Id, string Reason, DateTimeOffset SuspendedAt, DateOnly AnswerDueOn, string? Answer, DateTimeOffset? AnsweredAt, string? EndedAs,
    DateTimeOffset? EndedAt)
{
    internal const string Columns = "id, reason, suspended_at, answer_due_on, answer, answered_at, ended_as, ended_at";
}
