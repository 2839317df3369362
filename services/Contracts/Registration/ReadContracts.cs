using TechMarket.ServiceKit;

namespace TechMarket.Contracts.Registration;

/// <summary>Contracts of the caller's organisation, and those before a registrar.</summary>
public static class ReadContracts
{
    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/contracts", ListAsync).ForSignedIn().Produces<Page<ContractAnswer>>().ProducesProblem(400)
            .WithSummary("List contracts of one's organisation; registrars see those before them");
        routes.MapGet("/api/contracts/{id:guid}", GetAsync).ForSignedIn().Produces<ContractAnswer>().ProducesProblem(404).WithSummary("Read a contract");
    }

    static async Task<IResult> ListAsync(
        Guid? dealId, string? status, string? cursor, int? limit, Caller caller, Database database, CancellationToken ct)
    {
        var shape = new Shape();
        var from = Cursor.Read(shape, cursor);
        var size = Cursor.Limit(shape, limit);
        if (shape.Problem is { } problem) return problem;
        var rows = await database.QueryAsync<Contract>($"""
            select {Contract.Columns} from contract c join deal d on d.id = c.deal_id
            where (@all or c.seller_id = @OrganisationId or c.buyer_id = @OrganisationId
                   or c.submitted_at is not null and c.seller_region_code like any (@regions))
              and (@dealId::uuid is null or c.deal_id = @dealId) and (@status::text is null or c.status = @status)
              and (@at::timestamptz is null or (c.created_at, c.id) < (@at, @id))
            order by c.created_at desc, c.id desc limit @more
            """,
            new
            {
                all = caller.Is(Roles.Operator),
                caller.OrganisationId,
                regions = caller.Is(Roles.Registrar) ? caller.Organisation!.Jurisdiction.Select(region => Caller.RegionPrefix(region) + "%").ToArray() : [],
                dealId,
                status,
                at = from?.At,
                id = from?.Id,
                more = size + 1,
            }, ct);
        return Answer.Ok(Page<ContractAnswer>.Of([.. rows.Select(row => row.Answer())], size, row => new Cursor(row.CreatedAt, row.Id).ToString()));
    }

    static async Task<IResult> GetAsync(Guid id, Caller caller, Database database, CancellationToken ct)
    {
        var contract = await database.SingleOrDefaultAsync<Contract>(
            $"select {Contract.Columns} from contract c join deal d on d.id = c.deal_id where c.id = @id", new { id }, ct);
        return contract is not null && contract.IsVisibleTo(caller) ? Answer.Ok(contract.Answer()) with { Version = contract.Version } : Answer.NotFound;
    }
}
