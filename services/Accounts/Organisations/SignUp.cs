using Npgsql;
using TechMarket.Accounts.People;
using TechMarket.MarketKit;
using TechMarket.ServiceKit;

namespace TechMarket.Accounts.Organisations;

/// <summary>An organisation signs up with its first person, who administers it. It can look, and act once an operator has verified it.</summary>
public static class SignUp
{
    const int NameMax = 100;

    /// <summary>409: the code belongs to an organisation that is here already.</summary>
    public static readonly Refusal AlreadyHere =
        new("organisation-already-here", "该统一社会信用代码已注册。", "An organisation with this code has signed up already.");

    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/organisations", HandleAsync).ForAnyone().Produces<OrganisationAnswer>(201).ProducesProblem(400).ProducesProblem(409)
            .WithSummary("Sign an organisation up");

    static async Task<IResult> HandleAsync(SignUpRequest request, Database database, Passwords passwords, CancellationToken ct)
    {
        var shape = new Shape();
        var name = shape.Text("name", request.Name, NameMax, 2);
        var kind = shape.OneOf("kind", request.Kind, Codes.OrganisationKinds);
        var uscc = shape.Text("uscc", request.Uscc, 18, 18).ToUpperInvariant();
        if (uscc.Length == 18)
            shape.Require(Uscc.IsValid(uscc), "uscc", "统一社会信用代码校验位不正确。", "The check character of the code is wrong.");
        var region = shape.Region("regionCode", request.RegionCode);
        var admin = request.Admin ?? new SignUpAdmin(null, null, null);
        shape.Require(request.Admin is not null, "admin", "此项必填。", "This field is required.");
        var personName = shape.Text("admin.name", admin.Name, PersonRules.NameMax);
        var email = PersonRules.Email(shape, "admin.email", admin.Email);
        PersonRules.Password(shape, "admin.password", admin.Password);
        if (shape.Problem is { } problem) return problem;

        await using var transaction = await database.BeginAsync(ct);
        var organisation = new Organisation
        {
            Id = Guid.CreateVersion7(transaction.Now),
            Version = 1,
            Name = name,
            Kind = kind,
            Uscc = uscc,
            RegionCode = region,
            Jurisdiction = OrganisationRules.HasJurisdiction(kind) ? [region] : [],
            Status = "pending",
            CreatedAt = transaction.Now,
            ChangedAt = transaction.Now,
        };
        try
        {
            await transaction.ExecuteAsync("""
                insert into organisation (id, version, name, kind, uscc, region_code, jurisdiction, status, created_at, changed_at)
                values (@Id, @Version, @Name, @Kind, @Uscc, @RegionCode, @Jurisdiction, @Status, @CreatedAt, @ChangedAt)
                """, organisation, ct);
            await transaction.ExecuteAsync("""
                insert into person (id, organisation_id, name, email, password_hash, roles, is_admin, status, created_at)
                values (@personId, @Id, @personName, @email, @hash, '{}', true, 'active', @CreatedAt)
                """,
                new
                {
                    personId = Guid.CreateVersion7(transaction.Now),
                    organisation.Id,
                    personName,
                    email,
                    hash = passwords.Hash(admin.Password!),
                    organisation.CreatedAt,
                }, ct);
        }
        catch (PostgresException e) when (e.ConstraintName == "organisation_uscc_is_unique")
        {
            return Answer.Refused(AlreadyHere);
        }
        catch (PostgresException e) when (e.ConstraintName == "person_email_is_unique")
        {
            return Answer.Refused(PersonRules.EmailTaken);
        }

        organisation.Announce(transaction, hasReviewer: false);
        transaction.Audit(null, "organisation.signed_up", organisation.Id, new { kind, uscc });
        return await transaction.CommitAsync(Answer.Created($"/api/organisations/{organisation.Id}", organisation.Answer()), ct);
    }
}

/// <summary>Signs an organisation up.</summary>
/// <param name="Name">Its registered name.</param>
/// <param name="Kind">university, institute, hospital, enterprise, broker, service_agency, financial_institution, association, registry, bureau.</param>
/// <param name="Uscc">统一社会信用代码, 18 characters with a valid check character (R1.17, R1.18).</param>
/// <param name="RegionCode">GB/T 2260.</param>
/// <param name="Admin">Its first person.</param>
public sealed record SignUpRequest(string? Name, string? Kind, string? Uscc, string? RegionCode, SignUpAdmin? Admin);

/// <summary>The first person of an organisation.</summary>
/// <param name="Name">The person's name.</param>
/// <param name="Email">Signs in with it.</param>
/// <param name="Password">8 to 128 characters.</param>
public sealed record SignUpAdmin(string? Name, string? Email, string? Password);
