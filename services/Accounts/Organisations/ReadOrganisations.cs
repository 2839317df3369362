using TechMarket.MarketKit;
using TechMarket.ServiceKit;

namespace TechMarket.Accounts.Organisations;

/// <summary>The register of organisations: verified ones for everybody, all of them for operators, one's own always.</summary>
public static class ReadOrganisations
{
    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/organisations", ListAsync).ForAnyone().Produces<Page<OrganisationAnswer>>().WithSummary("List organisations");
        routes.MapGet("/api/organisations/{id:guid}", GetAsync).ForAnyone().Produces<OrganisationAnswer>().ProducesProblem(404)
            .WithSummary("Read an organisation");
    }

    static async Task<IResult> ListAsync(
        string? kind, string? status, string? cursor, int? limit, Caller caller, Database database, CancellationToken ct)
    {
        var shape = new Shape();
        var from = Cursor.Read(shape, cursor);
        var size = Cursor.Limit(shape, limit);
        shape.OptionalOneOf("kind", kind, Codes.OrganisationKinds);
        if (shape.Problem is { } problem) return problem;
        var rows = await database.QueryAsync<Organisation>($"""
            select {Organisation.Columns} from organisation
            where (@all or status = 'verified' or id = @own) and (@kind::text is null or kind = @kind) and (@status::text is null or status = @status)
              and (@at::timestamptz is null or (created_at, id) < (@at, @id))
            order by created_at desc, id desc limit @more
            """,
            new { all = caller.Is(Roles.Operator), own = caller.OrganisationId, kind, status, at = from?.At, id = from?.Id, more = size + 1 }, ct);
        return Answer.Ok(Page<OrganisationAnswer>.Of([.. rows.Select(row => row.Answer())], size, row => new Cursor(row.CreatedAt, row.Id).ToString()));
    }

    static async Task<IResult> GetAsync(Guid id, Caller caller, Database database, CancellationToken ct)
    {
        var organisation = await database.SingleOrDefaultAsync<Organisation>(
            $"select {Organisation.Columns} from organisation where id = @id", new { id }, ct);
        return organisation is not null && (organisation.Status == "verified" || caller.Is(Roles.Operator) || caller.OrganisationId == id)
            ? Answer.Ok(organisation.Answer()) with { Version = organisation.Version }
            : Answer.NotFound;
    }
}
