using TechMarket.Accounts.Organisations;
using TechMarket.Accounts.Sessions;
using TechMarket.ServiceKit;

namespace TechMarket.Accounts.People;

/// <summary>An administrator looks after the organisation's people: list, roles, suspension, handing the office over.</summary>
public static class ManagePeople
{
    /// <summary>409: the administrator hands over first.</summary>
    public static readonly Refusal IsAdmin = new("person-is-admin", "该人员是单位管理员，请先移交管理权限。", "This person administers the organisation; hand over first.");

    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/users", ListAsync).ForRoles(Roles.Admin, Roles.Operator).Produces<Page<PersonAnswer>>()
            .WithSummary("List the organisation's people");
        routes.MapPost("/api/users/{id:guid}/roles", SetRolesAsync).ForRoles(Roles.Admin, Roles.Operator).Produces<PersonAnswer>()
            .ProducesProblem(400).ProducesProblem(403).ProducesProblem(404).WithSummary("Set a colleague's roles");
        routes.MapPost("/api/users/{id:guid}/suspension", SuspendAsync).ForRoles(Roles.Admin, Roles.Operator).Produces<PersonAnswer>()
            .ProducesProblem(404).ProducesProblem(409).WithSummary("Suspend a person");
        routes.MapPost("/api/users/{id:guid}/reinstatement", ReinstateAsync).ForRoles(Roles.Admin, Roles.Operator).Produces<PersonAnswer>()
            .ProducesProblem(404).ProducesProblem(409).WithSummary("Let a suspended person in again");
        routes.MapPost("/api/users/{id:guid}/administration", HandOverAsync).ForRoles(Roles.Admin, Roles.Operator).Produces<PersonAnswer>()
            .ProducesProblem(404).ProducesProblem(409)
            .WithSummary("Hand the organisation's administration over to a colleague; the former administrator signs in again");
    }

    static async Task<IResult> ListAsync(string? cursor, int? limit, Caller caller, Database database, CancellationToken ct)
    {
        var shape = new Shape();
        var from = Cursor.Read(shape, cursor);
        var size = Cursor.Limit(shape, limit);
        if (shape.Problem is { } problem) return problem;
        var rows = await database.QueryAsync<Person>($"""
            select {Person.Columns} from person
            where (@all or organisation_id = @OrganisationId) and status <> 'erased' and (@at::timestamptz is null or (created_at, id) > (@at, @id))
            order by created_at, id limit @more
            """, new { all = caller.Is(Roles.Operator), caller.OrganisationId, at = from?.At, id = from?.Id, more = size + 1 }, ct);
        return Answer.Ok(Page<PersonAnswer>.Of([.. rows.Select(row => row.Answer())], size, row => new Cursor(row.CreatedAt, row.Id).ToString()));
    }

    static async Task<IResult> SetRolesAsync(Guid id, RolesRequest request, Caller caller, Database database, CancellationToken ct)
    {
        var shape = new Shape();
        var roles = shape.Texts("roles", request.Roles, 10, 30, 1).Distinct().ToArray();
        for (var i = 0; i < roles.Length; i++) shape.OneOf($"roles[{i}]", roles[i], OrganisationRules.Grantable);
        if (shape.Problem is { } problem) return problem;
        await using var transaction = await database.BeginAsync(ct);
        if (await Person.LockAsync(transaction, id, caller, ct) is not { } person) return Answer.NotFound;
        var kind = person.OrganisationId is null ? null : await transaction.SingleOrDefaultAsync<string>(
            "select kind from organisation where id = @OrganisationId", new { person.OrganisationId }, ct);
        var may = kind is null ? caller.Is(Roles.Operator) && roles is [Roles.Operator] : OrganisationRules.MayGrant(kind, roles);
        if (!may) return Answer.Forbidden(OrganisationRules.RoleNotOfKind);
        transaction.Audit(caller, "person.roles_set", id, new { before = person.Roles, after = roles });
        return await SaveAsync(transaction, id, "roles = @roles", new { id, roles }, ct);
    }

    static async Task<IResult> SuspendAsync(
        Guid id, ReasonRequest request, Caller caller, Database database, SessionEnding ending, CancellationToken ct)
    {
        if (request.Check(out var reason) is { } problem) return problem;
        await using var transaction = await database.BeginAsync(ct);
        if (await Person.LockAsync(transaction, id, caller, ct) is not { } person) return Answer.NotFound;
        if (person.IsAdmin && !caller.Is(Roles.Operator)) return Answer.Refused(IsAdmin);
        if (person.Status != "active") return Answer.Refused(Refusals.WrongState, new { person.Status });
        await ending.EndOfPersonAsync(transaction, id, ct);
        transaction.Audit(caller, "person.suspended", id, new { reason });
        return await SaveAsync(transaction, id, "status = 'suspended'", new { id }, ct);
    }

    static async Task<IResult> ReinstateAsync(Guid id, ReasonRequest request, Caller caller, Database database, CancellationToken ct)
    {
        if (request.Check(out var reason) is { } problem) return problem;
        await using var transaction = await database.BeginAsync(ct);
        if (await Person.LockAsync(transaction, id, caller, ct) is not { } person) return Answer.NotFound;
        if (person.Status != "suspended") return Answer.Refused(Refusals.WrongState, new { person.Status });
        transaction.Audit(caller, "person.reinstated", id, new { reason });
        return await SaveAsync(transaction, id, "status = 'active'", new { id }, ct);
    }

    static async Task<IResult> HandOverAsync(Guid id, Caller caller, Database database, SessionEnding ending, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(ct);
        if (await Person.LockAsync(transaction, id, caller, ct) is not { OrganisationId: { } organisationId } person) return Answer.NotFound;
        if (person.Status != "active") return Answer.Refused(Refusals.WrongState, new { person.Status });
        // The organisation's row serialises two hand-overs; the index would refuse two administrators.
        await transaction.ExecuteAsync("select 1 from organisation where id = @organisationId for update", new { organisationId }, ct);
        var former = await transaction.SingleOrDefaultAsync<Guid?>(
            "update person set is_admin = false where organisation_id = @organisationId and is_admin returning id", new { organisationId }, ct);
        // The former administrator's tokens still say so; with one of them the office could be taken back.
        if (former is { } formerId && formerId != id) await ending.EndOfPersonAsync(transaction, formerId, ct);
        transaction.Audit(caller, "organisation.administration_handed_over", organisationId, new { to = id });
        return await SaveAsync(transaction, id, "is_admin = true", new { id }, ct);
    }

    static async Task<IResult> SaveAsync(Transaction transaction, Guid id, string change, object arguments, CancellationToken ct)
    {
        var before = await transaction.SingleOrDefaultAsync<string[]>("select roles from person where id = @id", new { id }, ct);
        var person = await transaction.SingleOrDefaultAsync<Person>(
            $"update person set {change} where id = @id returning {Person.Columns}", arguments, ct);
        await Organisation.ReviewersMayHaveChangedAsync(transaction, person!.OrganisationId, before!.Concat(person.Roles), ct);
        return await transaction.CommitAsync(Answer.Ok(person!.Answer()), ct);
    }
}

/// <summary>Sets roles.</summary>
/// <param name="Roles">Roles of the organisation's kind.</param>
public sealed record RolesRequest(IReadOnlyList<string?>? Roles);
