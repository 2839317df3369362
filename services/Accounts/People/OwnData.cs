using TechMarket.Accounts.ApiKeys;
using TechMarket.Accounts.Mail;
using TechMarket.Accounts.Organisations;
using TechMarket.Accounts.Sessions;
using TechMarket.ServiceKit;

namespace TechMarket.Accounts.People;

/// <summary>What is kept about oneself: reading it, a copy of all of it, correcting the name, erasing it. Records of deals stay, under a
/// pseudonym (design §8).</summary>
public static class OwnData
{
    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/me", GetAsync).ForSignedIn().Produces<MeAnswer>().WithSummary("Who one is here");
        routes.MapGet("/api/me/data", CopyAsync).ForSignedIn().Produces<OwnDataAnswer>().WithSummary("A copy of all that is kept about oneself");
        routes.MapPost("/api/me/name", RenameAsync).ForSignedIn().Produces(204).ProducesProblem(400).WithSummary("Correct one's own name");
        routes.MapDelete("/api/me", EraseAsync).ForSignedIn().Produces(204).ProducesProblem(409).WithSummary("Erase oneself; records stay under a pseudonym");
    }

    static async Task<IResult> GetAsync(Caller caller, Database database, CancellationToken ct)
    {
        if (await FindAsync(caller, database, ct) is not { } person) return Answer.NotFound;
        var organisation = person.OrganisationId is null ? null : await database.SingleOrDefaultAsync<Organisation>(
            $"select {Organisation.Columns} from organisation where id = @OrganisationId", new { person.OrganisationId }, ct);
        return Answer.Ok(new MeAnswer(person.Answer(), organisation?.Answer()));
    }

    static async Task<IResult> CopyAsync(Caller caller, Database database, CancellationToken ct)
    {
        if (await FindAsync(caller, database, ct) is not { } person) return Answer.NotFound;
        var sessions = await database.QueryAsync<SessionAnswer>("""
            select id, device, created_at, last_used_at, id = @SessionId as is_current from session where person_id = @PersonId
            order by created_at desc limit 1000
            """, new { caller.SessionId, caller.PersonId }, ct);
        var keys = await database.QueryAsync<ApiKeyAnswer>("""
            select id, name, roles, created_at, last_used_at from api_key where person_id = @PersonId order by created_at desc limit 1000
            """, new { caller.PersonId }, ct);
        var acts = await database.QueryAsync<ActAnswer>("""
            select at, action, subject, detail from audit_log where actor = @PersonId order by position desc limit 1000
            """, caller, ct);
        return Answer.Ok(new OwnDataAnswer(person.Answer(), sessions, keys, acts));
    }

    static async Task<IResult> RenameAsync(NameRequest request, Caller caller, Database database, CancellationToken ct)
    {
        var shape = new Shape();
        var name = shape.Text("name", request.Name, PersonRules.NameMax);
        if (shape.Problem is { } problem) return problem;
        await using var transaction = await database.BeginAsync(ct);
        await transaction.ExecuteAsync("update person set name = @name where id = @PersonId", new { name, caller.PersonId }, ct);
        transaction.Audit(caller, "person.renamed", caller.PersonId);
        return await transaction.CommitAsync(Answer.Done, ct);
    }

    static async Task<IResult> EraseAsync(Caller caller, Database database, SessionEnding ending, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(ct);
        if (await Person.LockAsync(transaction, caller.PersonId, caller, ct) is not { } person) return Answer.NotFound;
        if (person.IsAdmin) return Answer.Refused(ManagePeople.IsAdmin);
        await transaction.ExecuteAsync("""
            update person set name = '已注销用户', email = 'erased.' || id || '@invalid', password_hash = null, status = 'erased' where id = @Id
            """, person, ct);
        await transaction.ExecuteAsync(
            "update api_key set revoked_at = @Now where person_id = @Id and revoked_at is null", new { person.Id, transaction.Now }, ct);
        await MailTokens.ForgetAsync(transaction, person.Id, ct);
        await ending.EndOfPersonAsync(transaction, person.Id, ct);
        await Organisation.ReviewersMayHaveChangedAsync(transaction, person.OrganisationId, person.Roles, ct);
        transaction.Audit(caller, "person.erased", person.Id);
        return await transaction.CommitAsync(Answer.Done, ct);
    }

    static Task<Person?> FindAsync(Caller caller, Database database, CancellationToken ct) =>
        database.SingleOrDefaultAsync<Person>($"select {Person.Columns} from person where id = @PersonId and status <> 'erased'", caller, ct);
}

/// <summary>Who one is here.</summary>
/// <param name="Person">Oneself.</param>
/// <param name="Organisation">The organisation one acts for; null for operators.</param>
public sealed record MeAnswer(PersonAnswer Person, OrganisationAnswer? Organisation);

/// <summary>All that Accounts keeps about a person.</summary>
/// <param name="Person">The person.</param>
/// <param name="Sessions">Where it was signed in.</param>
/// <param name="ApiKeys">Its keys, revoked ones too.</param>
/// <param name="Acts">What it did that is in the audit log.</param>
public sealed record OwnDataAnswer(
    PersonAnswer Person, IReadOnlyList<SessionAnswer> Sessions, IReadOnlyList<ApiKeyAnswer> ApiKeys, IReadOnlyList<ActAnswer> Acts);

/// <summary>An entry of the audit log.</summary>
public sealed class ActAnswer
{
    /// <summary>When.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>What was done.</summary>
    public string Action { get; init; } = "";

    /// <summary>To what.</summary>
    public string Subject { get; init; } = "";

    /// <summary>More of it, as JSON.</summary>
    public string Detail { get; init; } = "";
}

/// <summary>Corrects a name.</summary>
/// <param name="Name">The right one.</param>
public sealed record NameRequest(string? Name);
