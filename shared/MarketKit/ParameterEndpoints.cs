using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TechMarket.ServiceKit;

namespace TechMarket.MarketKit;

/// <summary>Anyone may read the dated legal parameters of a service; an operator may set one from a day on.</summary>
public static class ParameterEndpoints
{
    /// <summary>Maps <c>/api/parameters/SERVICE</c>.</summary>
    public static void Map(IEndpointRouteBuilder routes, string service)
    {
        routes.MapGet($"/api/parameters/{service}", ListAsync).ForAnyone().Produces<ParameterList>()
            .WithSummary("The dated legal parameters, shipped and set");
        routes.MapPost($"/api/parameters/{service}", SetAsync).ForRoles(Roles.Operator).Produces<ParameterEntry>(201).ProducesProblem(400)
            .WithSummary("Set a parameter from a day on");
    }

    static async Task<IResult> ListAsync(Parameters parameters, Database database, CancellationToken ct)
    {
        var set = await database.QueryAsync<SetRow>(
            "select id, value, valid_from, source from parameter order by id, valid_from, set_at limit 1000", null, ct);
        var shipped = parameters.Shipped.Select(p =>
            new ParameterEntry(p.Id, p.Value, p.ValidFrom, p.Source, MarketKit.Money.Cny(p.FromAmountCny), "shipped"));
        return Answer.Ok(new ParameterList(
            [.. shipped.Concat(set.Select(row => new ParameterEntry(row.Id, row.Value, row.ValidFrom, row.Source, null, "operator")))]));
    }

    static async Task<IResult> SetAsync(
        SetParameterRequest request, Caller caller, Parameters parameters, Database database, CancellationToken ct)
    {
        var shape = new Shape();
        var known = parameters.Shipped.FirstOrDefault(parameter => parameter.Id == request.Id);
        shape.Require(known is not null, "id", "没有此参数。", "There is no such parameter.");
        var value = shape.Text("value", request.Value, 200);
        if (known is not null && value.Length > 0)
        {
            shape.Require(IsOfSameKind(known.Value, value), "value", $"须与默认值（{known.Value}）同类，且不为负。",
                $"Must be of the kind of the shipped value ({known.Value}) and not negative.");
        }

        var validFrom = shape.Value("validFrom", request.ValidFrom);
        var source = shape.Text("source", request.Source, 500);
        if (shape.Problem is { } problem) return problem;

        await using var transaction = await database.BeginAsync(ct);
        await transaction.ExecuteAsync("""
            insert into parameter (id, valid_from, value, source, set_by, set_at) values (@Id, @validFrom, @value, @source, @PersonId, @Now)
            """, new { request.Id, validFrom, value, source, caller.PersonId, transaction.Now }, ct);
        transaction.Audit(caller, "parameter.set", request.Id!, new { value, validFrom, source });
        return await transaction.CommitAsync(Answer.Created($"/api/parameters/{parameters.Service}",
            new ParameterEntry(request.Id!, value, validFrom, source, null, "operator")), ct);
    }

    static bool IsOfSameKind(string shipped, string value)
    {
        if (shipped is "true" or "false") return value is "true" or "false";
        if (int.TryParse(shipped, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var integer) && integer <= 1_000_000_000;
        if (decimal.TryParse(shipped, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _))
            return decimal.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _);
        return true;
    }

    sealed record SetRow(string Id, string Value, DateOnly ValidFrom, string Source);
}

/// <summary>Sets a legal parameter.</summary>
/// <param name="Id">One that the service ships.</param>
/// <param name="Value">Of the kind of the shipped value; 0 means no period at all.</param>
/// <param name="ValidFrom">From this day on, in Shanghai; may lie in the past.</param>
/// <param name="Source">The rule or decision it comes from.</param>
public sealed record SetParameterRequest(string? Id, string? Value, DateOnly? ValidFrom, string? Source);

/// <summary>A dated value of a legal parameter.</summary>
/// <param name="Id">The parameter.</param>
/// <param name="Value">Its value.</param>
/// <param name="ValidFrom">From this day on.</param>
/// <param name="Source">The rule or decision it comes from.</param>
/// <param name="FromAmount">For banded values: the lowest amount of the band.</param>
/// <param name="SetBy">shipped or operator; the latter beats the former.</param>
public sealed record ParameterEntry(string Id, string Value, DateOnly ValidFrom, string Source, Money? FromAmount, string SetBy);

/// <summary>All dated values of a service.</summary>
/// <param name="Items">Shipped values, then those an operator set.</param>
public sealed record ParameterList(IReadOnlyList<ParameterEntry> Items);
