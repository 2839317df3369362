using TechMarket.ServiceKit;

namespace TechMarket.Accounts.Sessions;

/// <summary>Where one is signed in, and ending it: this session (signing out) or another.</summary>
public static class OwnSessions
{
    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/sessions", ListAsync).ForSignedIn().Produces<SessionList>().WithSummary("List one's own sessions");
        routes.MapDelete("/api/sessions/{id:guid}", EndAsync).ForSignedIn().Produces(204).ProducesProblem(404).WithSummary("End one of one's own sessions");
        routes.MapDelete("/api/tokens", SignOutAsync).ForSignedIn().Produces(204).WithSummary("Sign out");
    }

    static async Task<IResult> ListAsync(Caller caller, Database database, TimeProvider clock, CancellationToken ct)
    {
        var rows = await database.QueryAsync<SessionAnswer>("""
            select id, device, created_at, last_used_at, id = @SessionId as is_current from session
            where person_id = @PersonId and ended_at is null and expires_at > @now order by last_used_at desc limit 100
            """, new { caller.SessionId, caller.PersonId, now = clock.GetUtcNow() }, ct);
        return Answer.Ok(new SessionList(rows));
    }

    static async Task<IResult> EndAsync(Guid id, Caller caller, Database database, SessionEnding ending, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(ct);
        var mine = await transaction.SingleOrDefaultAsync<Guid?>(
            "select id from session where id = @id and person_id = @PersonId for update", new { id, caller.PersonId }, ct);
        if (mine is null) return Answer.NotFound;
        await ending.EndAsync(transaction, id, ct);
        return await transaction.CommitAsync(Answer.Done, ct);
    }

    static Task<IResult> SignOutAsync(Caller caller, Database database, SessionEnding ending, CancellationToken ct) =>
        EndAsync(caller.SessionId, caller, database, ending, ct);
}

/// <summary>One's own sessions.</summary>
/// <param name="Items">The one used last first.</param>
public sealed record SessionList(IReadOnlyList<SessionAnswer> Items);

/// <summary>A place where one is signed in.</summary>
public sealed class SessionAnswer
{
    /// <summary>Its id.</summary>
    public Guid Id { get; init; }

    /// <summary>The program that signed in, as it called itself.</summary>
    public string Device { get; init; } = "";

    /// <summary>When it began.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last asked for tokens.</summary>
    public DateTimeOffset LastUsedAt { get; init; }

    /// <summary>It is the session of this request.</summary>
    public bool IsCurrent { get; init; }
}
