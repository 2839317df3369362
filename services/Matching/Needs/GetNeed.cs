using TechMarket.ServiceKit;

namespace TechMarket.Matching.Needs;

/// <summary>Shows a need; what it says in detail is for members (domain §1.9).</summary>
public static class GetNeed
{
    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/needs/{id:guid}", HandleAsync).ForAnyone()
            .Produces<NeedAnswer>().ProducesProblem(404).WithSummary("A technology need");

    static async Task<IResult> HandleAsync(Guid id, Caller caller, Database database, CancellationToken ct) =>
        await Need.FindAsync(database, id, ct) is { } need ? Answer.Ok(need.For(caller)) with { Version = need.Version } : Answer.NotFound;
}
