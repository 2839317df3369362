using TechMarket.MarketKit;
using TechMarket.ServiceKit;

namespace TechMarket.Accounts.Organisations;

/// <summary>An operator says for which regions a bureau or registry decides, so that an administration without a region code of its own can
/// be served (domain brief §1.8). It holds for tokens made from now on.</summary>
public static class SetJurisdiction
{
    const int RegionsMax = 200;

    /// <summary>409: only bureaus and registries have one.</summary>
    public static readonly Refusal HasNone =
        new("no-jurisdiction", "只有主管部门和登记机构设有管辖区域。", "Only bureaus and registries have a jurisdiction.");

    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/organisations/{id:guid}/jurisdiction", HandleAsync).ForRoles(Roles.Operator)
            .Produces<OrganisationAnswer>().ProducesProblem(404).ProducesProblem(409).WithSummary("Set the regions a bureau or registry decides for");

    static async Task<IResult> HandleAsync(Guid id, JurisdictionRequest request, Caller caller, Database database, CancellationToken ct)
    {
        var shape = new Shape();
        var regions = shape.Texts("regionCodes", request.RegionCodes, RegionsMax, 6, 1);
        for (var i = 0; i < regions.Length; i++) shape.Region($"regionCodes[{i}]", regions[i]);
        if (shape.Problem is { } problem) return problem;

        await using var transaction = await database.BeginAsync(ct);
        if (await Organisation.LockAsync(transaction, id, ct) is not { } organisation) return Answer.NotFound;
        if (!OrganisationRules.HasJurisdiction(organisation.Kind)) return Answer.Refused(HasNone);
        organisation.Jurisdiction = [.. regions.Distinct()];
        await organisation.SaveAsync(transaction, ct);
        transaction.Audit(caller, "organisation.jurisdiction_set", id, new { organisation.Jurisdiction });
        return await transaction.CommitAsync(Answer.Ok(organisation.Answer()), ct);
    }
}

/// <summary>Sets a jurisdiction.</summary>
/// <param name="RegionCodes">GB/T 2260 codes, each covering its subtree.</param>
public sealed record JurisdictionRequest(IReadOnlyList<string?>? RegionCodes);
