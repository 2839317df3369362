using Npgsql;
using TechMarket.Accounts.Mail;
using TechMarket.Accounts.Organisations;
using TechMarket.ServiceKit;

namespace TechMarket.Accounts.People;

/// <summary>An administrator adds a colleague: with a password to hand over, or by an invitation that comes by mail. Operators add operators.</summary>
public static class AddPerson
{
    const int RolesMax = 10;

    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/users", AddAsync).ForRoles(Roles.Admin, Roles.Operator).Produces<PersonAnswer>(201)
            .ProducesProblem(400).ProducesProblem(403).ProducesProblem(409).WithSummary("Add a colleague");
        routes.MapPost("/api/invitations", InviteAsync).ForRoles(Roles.Admin, Roles.Operator).Produces<PersonAnswer>(201)
            .ProducesProblem(400).ProducesProblem(403).ProducesProblem(409).WithSummary("Invite a colleague by mail");
    }

    static Task<IResult> AddAsync(AddPersonRequest request, Caller caller, Database database, Passwords passwords, MailTokens mail, CancellationToken ct)
    {
        var shape = new Shape();
        PersonRules.Password(shape, "password", request.Password);
        return CreateAsync(shape, request.Name, request.Email, request.Roles, caller, database,
            () => passwords.Hash(request.Password!), mail, ct);
    }

    static Task<IResult> InviteAsync(InvitationRequest request, Caller caller, Database database, MailTokens mail, CancellationToken ct) =>
        CreateAsync(new Shape(), request.Name, request.Email, request.Roles, caller, database, null, mail, ct);

    static async Task<IResult> CreateAsync(
        Shape shape, string? nameSent, string? emailSent, IReadOnlyList<string?>? rolesSent, Caller caller, Database database,
        Func<string>? hash, MailTokens mail, CancellationToken ct)
    {
        var name = shape.Text("name", nameSent, PersonRules.NameMax);
        var email = PersonRules.Email(shape, "email", emailSent);
        var roles = shape.Texts("roles", rolesSent, RolesMax, 30, 1).Distinct().ToArray();
        for (var i = 0; i < roles.Length; i++) shape.OneOf($"roles[{i}]", roles[i], OrganisationRules.Grantable);
        if (shape.Problem is { } problem) return problem;
        if (!MayGrant(caller, roles)) return Answer.Forbidden(OrganisationRules.RoleNotOfKind);

        await using var transaction = await database.BeginAsync(ct);
        var person = new Person
        {
            Id = Guid.CreateVersion7(transaction.Now),
            OrganisationId = caller.Is(Roles.Operator) ? null : caller.OrganisationId,
            Name = name,
            Email = email,
            PasswordHash = hash?.Invoke(),
            Roles = roles,
            Status = hash is null ? "invited" : "active",
            CreatedAt = transaction.Now,
        };
        try
        {
            await transaction.ExecuteAsync("""
                insert into person (id, organisation_id, name, email, password_hash, roles, status, created_at)
                values (@Id, @OrganisationId, @Name, @Email, @PasswordHash, @Roles, @Status, @CreatedAt)
                """, person, ct);
        }
        catch (PostgresException e) when (e.ConstraintName == "person_email_is_unique")
        {
            return Answer.Refused(PersonRules.EmailTaken);
        }

        if (hash is null) await mail.SendAsync(transaction, person.Id, MailTokens.Invitation, email, null, ct);
        await Organisation.ReviewersMayHaveChangedAsync(transaction, person.OrganisationId, roles, ct);
        transaction.Audit(caller, hash is null ? "person.invited" : "person.added", person.Id, new { roles });
        return await transaction.CommitAsync(Answer.Created($"/api/users/{person.Id}", person.Answer()), ct);
    }

    /// <summary>An administrator grants roles of the organisation's kind, an operator the role of operators.</summary>
    internal static bool MayGrant(Caller caller, IReadOnlyCollection<string> roles) => caller.Is(Roles.Operator)
        ? roles.All(role => role == Roles.Operator)
        : caller.Organisation is { } organisation && OrganisationRules.MayGrant(organisation.Kind, roles);
}

/// <summary>Adds a colleague.</summary>
/// <param name="Name">The person's name.</param>
/// <param name="Email">Signs in with it.</param>
/// <param name="Password">8 to 128 characters.</param>
/// <param name="Roles">Roles of the organisation's kind.</param>
public sealed record AddPersonRequest(string? Name, string? Email, string? Password, IReadOnlyList<string?>? Roles);

/// <summary>Invites a colleague, who sets the password.</summary>
/// <param name="Name">The person's name.</param>
/// <param name="Email">The invitation goes there.</param>
/// <param name="Roles">Roles of the organisation's kind.</param>
public sealed record InvitationRequest(string? Name, string? Email, IReadOnlyList<string?>? Roles);
