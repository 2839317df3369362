using TechMarket.ServiceKit;

namespace TechMarket.Listings.Interconnection;

/// <summary>OAI-PMH 2.0: other systems harvest the published achievements at <c>/oai</c>. A record that left the market stays for good as deleted.</summary>
public static class ProvideHarvest
{
    const int PageRows = 100;

    const string Wanted = """
        published_version > 0
          and (@from::timestamptz is null or changed_at >= @from) and (@before::timestamptz is null or changed_at < @before)
          and case @kind::text when 'category' then content->>'category' = coalesce(@value, content->>'category')
              when 'field' then content->>'techField' = coalesce(@value, content->>'techField')
              when 'region' then region_code like @value else true end
        """;

    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapMethods("/oai", ["GET", "POST"], HandleAsync).ForAnyone().WithSummary("OAI-PMH 2.0: harvest the published achievements");

    static async Task<IResult> HandleAsync(
        HttpContext context, Database database, IConfiguration configuration, TimeProvider clock, CancellationToken ct)
    {
        var sent = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(ct) : context.Request.Query.AsEnumerable();
        var request = OaiRequest.Read(sent);
        var address = Address(context, configuration);
        using var xml = new OaiXml(new Uri(address, "/oai"), request, clock.GetUtcNow());
        if (request.Errors.Count == 0) await AnswerAsync(request, xml, address, configuration, database, ct);
        else request.Errors.ForEach(xml.Error);
        return Results.Text(xml.Text(), "text/xml; charset=utf-8");
    }

    static Task AnswerAsync(
        OaiRequest request, OaiXml xml, Uri address, IConfiguration configuration, Database database, CancellationToken ct) => request.Verb switch
        {
            "Identify" => IdentifyAsync(xml, address, configuration, database, ct),
            "ListMetadataFormats" => FormatsAsync(request, xml, address, database, ct),
            "ListSets" => SetsAsync(xml, database, ct),
            "GetRecord" => RecordAsync(request, xml, address, database, ct),
            _ => ListAsync(request, xml, address, database, ct),
        };

    static async Task IdentifyAsync(OaiXml xml, Uri address, IConfiguration configuration, Database database, CancellationToken ct)
    {
        var earliest = await database.SingleOrDefaultAsync<DateTimeOffset?>("select min(changed_at) from achievement where published_version > 0", null, ct);
        xml.Start("Identify");
        xml.Element("repositoryName", configuration["Oai:RepositoryName"] ?? "科技大市场 TechMarket");
        xml.Element("baseURL", new Uri(address, "/oai").ToString());
        xml.Element("protocolVersion", "2.0");
        xml.Element("adminEmail", configuration["Oai:AdminEmail"] ?? $"webmaster@{address.Host}");
        xml.Element("earliestDatestamp", OaiXml.Moment(earliest ?? DateTimeOffset.UnixEpoch));
        xml.Element("deletedRecord", "persistent");
        xml.Element("granularity", "YYYY-MM-DDThh:mm:ssZ");
        xml.End();
    }

    static async Task FormatsAsync(OaiRequest request, OaiXml xml, Uri address, Database database, CancellationToken ct)
    {
        if (request["identifier"].Length > 0 && await FindAsync(request, address, database, ct) is null) xml.Error(NoSuchId);
        else
        {
            xml.Start("ListMetadataFormats");
            xml.Format();
            xml.End();
        }
    }

    static async Task SetsAsync(OaiXml xml, Database database, CancellationToken ct)
    {
        xml.Start("ListSets");
        foreach (var set in await OaiSet.AllAsync(database, ct))
        {
            xml.Start("set");
            xml.Element("setSpec", set.Spec);
            xml.Element("setName", set.Name);
            xml.End();
        }

        xml.End();
    }

    static async Task RecordAsync(OaiRequest request, OaiXml xml, Uri address, Database database, CancellationToken ct)
    {
        if (await FindAsync(request, address, database, ct) is not { } achievement) xml.Error(NoSuchId);
        else
        {
            xml.Start("GetRecord");
            xml.Record(achievement, address);
            xml.End();
        }
    }

    static async Task ListAsync(OaiRequest request, OaiXml xml, Uri address, Database database, CancellationToken ct)
    {
        var arguments = new
        {
            from = request.From,
            before = request.Before,
            kind = request.Set?.Kind,
            value = request.Set is { Kind: "region" } region ? (region.Value is null ? "%" : Caller.RegionPrefix(region.Value) + "%") : request.Set?.Value,
            at = request.Token?.At,
            id = request.Token?.Id,
            more = PageRows + 1,
        };
        var rows = await database.QueryAsync<Achievement>($"""
            select {Achievement.Columns} from achievement
            where {Wanted} and (@at::timestamptz is null or (changed_at, id) > (@at, @id)) order by changed_at, id limit @more
            """, arguments, ct);
        // The end of a list that was split is an empty page with an empty token, should what was left have changed meanwhile.
        if (rows.Count == 0 && request.Token is null)
        {
            xml.Error(new OaiError("noRecordsMatch", "There is no record of that time and set."));
            return;
        }

        var seen = request.Token?.Seen ?? 0;
        var total = request.Token?.Total ?? (rows.Count <= PageRows ? rows.Count
            : await database.SingleOrDefaultAsync<int>($"select count(1)::int from achievement where {Wanted}", arguments, ct));
        xml.Start(request.Verb);
        foreach (var row in rows.Take(PageRows))
        {
            if (request.Verb == "ListRecords") xml.Record(row, address);
            else xml.Header(row);
        }

        var next = rows.Count <= PageRows ? null : new OaiToken(
            request.Token?.From ?? request["from"], request.Token?.Until ?? request["until"], request.Token?.Set ?? request["set"], seen + PageRows, total,
            rows[PageRows - 1].ChangedAt, rows[PageRows - 1].Id);
        if (next is not null || request.Token is not null) xml.Token(next, seen, total);
        xml.End();
    }

    static readonly OaiError NoSuchId = new("idDoesNotExist", "There is no record of that identifier.");

    static async Task<Achievement?> FindAsync(OaiRequest request, Uri address, Database database, CancellationToken ct) =>
        request["identifier"].Split(':') is ["oai", var host, var local] && host == address.Host && Guid.TryParseExact(local, "D", out var id)
            ? await database.SingleOrDefaultAsync<Achievement>(
                $"select {Achievement.Columns} from achievement where id = @id and published_version > 0", new { id }, ct)
            : null;

    /// <summary>Where harvesters find us: the address that is configured, else the one they used.</summary>
    static Uri Address(HttpContext context, IConfiguration configuration)
    {
        if (configuration["PublicAddress"] is { Length: > 0 } configured) return new Uri(configured);
        var headers = context.Request.Headers;
        var host = headers["X-Forwarded-Host"] is [{ Length: > 0 } forwarded] ? forwarded : context.Request.Host.ToString();
        var scheme = headers["X-Forwarded-Proto"] is ["http" or "https"] ? headers["X-Forwarded-Proto"].ToString() : context.Request.Scheme;
        return Uri.TryCreate($"{scheme}://{host}", UriKind.Absolute, out var address) ? address : new Uri("http://localhost");
    }
}
