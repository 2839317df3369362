using System.Collections.Frozen;
using TechMarket.ServiceKit;

namespace TechMarket.Accounts.Organisations;

/// <summary>An operator has checked that an organisation is what it says; its kind gives its first person the matching roles.</summary>
public static class VerifyOrganisation
{
    static readonly FrozenSet<string> Decisions = new[] { "verified", "rejected" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/organisations/{id:guid}/verification", HandleAsync).ForRoles(Roles.Operator)
            .Produces<OrganisationAnswer>().ProducesProblem(404).ProducesProblem(409).WithSummary("Verify or reject an organisation");

    static async Task<IResult> HandleAsync(Guid id, VerificationRequest request, Caller caller, Database database, CancellationToken ct)
    {
        var shape = new Shape();
        var decision = shape.OneOf("decision", request.Decision, Decisions);
        var reason = shape.OptionalText("reason", request.Reason, 500);
        shape.Require(decision != "rejected" || reason is not null, "reason", "驳回须说明理由。", "A rejection needs a reason.");
        if (shape.Problem is { } problem) return problem;

        await using var transaction = await database.BeginAsync(ct);
        if (await Organisation.LockAsync(transaction, id, ct) is not { } organisation) return Answer.NotFound;
        if (organisation.Status is not ("pending" or "rejected")) return Answer.Refused(Refusals.WrongState, new { organisation.Status });
        organisation.Status = decision;
        organisation.StatusReason = reason;
        await organisation.SaveAsync(transaction, ct);
        if (decision == "verified")
        {
            await transaction.ExecuteAsync("update person set roles = @roles where organisation_id = @id and is_admin",
                new { id, roles = OrganisationRules.FirstRoles(organisation.Kind) }, ct);
        }

        transaction.Audit(caller, $"organisation.{decision}", id, new { reason });
        return await transaction.CommitAsync(Answer.Ok(organisation.Answer()), ct);
    }
}

/// <summary>Decides about an organisation.</summary>
/// <param name="Decision">verified or rejected.</param>
/// <param name="Reason">Needed for a rejection.</param>
public sealed record VerificationRequest(string? Decision, string? Reason);
