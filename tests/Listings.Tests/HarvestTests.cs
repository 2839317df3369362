using System.Globalization;
using System.Xml.Linq;
using TechMarket.TestKit;
using Xunit;
using static TechMarket.Listings.Tests.AchievementBodies;

namespace TechMarket.Listings.Tests;

/// <summary>OAI-PMH as a harvester meets it.</summary>
public sealed class HarvestTests(EmptyListings empty) : IClassFixture<EmptyListings>
{
    static readonly XNamespace Oai = "http://www.openarchives.org/OAI/2.0/";
    static readonly XNamespace Dc = "http://purl.org/dc/elements/1.1/";
    readonly TestPerson provider = TestPerson.Provider();
    readonly TestPerson bureau = TestPerson.Bureau();

    [Fact]
    public async Task A_harvest_lists_exactly_what_is_public_page_by_page_across_a_restart()
    {
        await using var service = await ServiceUnderTest.StartAsync(Program.Service);
        var listings = new ListingsFixture(service);
        var items = Enumerable.Range(0, 230).Select(i => Item($"{i}", $"外部成果 {i}")).ToArray();
        var imported = (await service.As(bureau).PostAsync("/api/achievements/imports", Import("harvest", items))).Expect(200)["items"]!.AsArray()
            .Select(item => (Guid)item!["id"]!).ToList();
        var registered = await listings.InStateAsync("published", provider, bureau);
        foreach (var state in new[] { "draft", "submitted", "screened", "registered" }) await listings.InStateAsync(state, provider, bureau);
        var restricted = await listings.InStateAsync("submitted", provider, bureau);
        await listings.StepAsync(bureau, restricted, "screening", new { conclusion = "restricted", note = "商业秘密" });
        (await service.As(bureau).PostAsync($"/api/achievements/{imported[7]}/withdrawal", new { reason = "下架" })).Expect(200);

        List<(Guid Id, bool IsDeleted)> seen = [];
        var query = "verb=ListRecords&metadataPrefix=oai_dc";
        for (var page = 0; ; page++)
        {
            if (page == 1) await service.RestartAsync();
            var answer = await AskAsync(service, query);
            var again = await AskAsync(service, query);
            Assert.Equal(Ids(answer), Ids(again));
            seen.AddRange(Ids(answer));
            var token = answer.Descendants(Oai + "resumptionToken").Single();
            Assert.Equal("231", (string)token.Attribute("completeListSize")!);
            Assert.Equal((page * 100).ToString(CultureInfo.InvariantCulture), (string)token.Attribute("cursor")!);
            if (token.Value.Length == 0) break;
            query = $"verb=ListRecords&resumptionToken={Uri.EscapeDataString(token.Value)}";
        }

        Assert.Equal(imported.Append(registered).Order(), seen.Select(one => one.Id).Order());
        Assert.Equal(imported[7], Assert.Single(seen, one => one.IsDeleted).Id);
    }

    [Fact]
    public async Task A_record_says_in_Dublin_Core_what_is_public_and_nothing_else()
    {
        await using var service = await ServiceUnderTest.StartAsync(Program.Service);
        var body = Good(title: "低温余热 <回收> & 利用");
        body["form"] = new System.Text.Json.Nodes.JsonObject { ["outputForm"] = "new_process", ["projectNo"] = "2024YFA0001" };
        var id = await new ListingsFixture(service).InStateAsync("published", provider, bureau, body);
        var record = await AskAsync(service, $"verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:127.0.0.1:{id}");
        Assert.Equal("低温余热 <回收> & 利用", Assert.Single(record.Descendants(Dc + "title")).Value);
        Assert.Equal(["赵一", "钱二"], record.Descendants(Dc + "creator").Select(name => name.Value));
        Assert.Contains("2024YFA0001", record.Descendants(Dc + "source").Select(source => source.Value));
        Assert.Contains(record.Descendants(Dc + "identifier"), identifier => identifier.Value.StartsWith("951", StringComparison.Ordinal));
        Assert.Equal(["category:applied_technology", "field:new_materials", "region:510000", "region:510100", "region:510107"],
            record.Descendants(Oai + "setSpec").Select(set => set.Value));
        Assert.DoesNotContain("证明材料", record.ToString(), StringComparison.Ordinal);

        (await service.As(bureau).PostAsync($"/api/achievements/{id}/suspension", new { reason = "举报" })).Expect(200);
        var gone = await AskAsync(service, $"verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:127.0.0.1:{id}");
        Assert.Equal("deleted", (string)gone.Descendants(Oai + "header").Single().Attribute("status")!);
        Assert.Empty(gone.Descendants(Oai + "metadata"));
    }

    [Fact]
    public async Task A_harvest_of_a_time_and_a_set_takes_its_edges_with_it()
    {
        await using var service = await ServiceUnderTest.StartAsync(Program.Service);
        var listings = new ListingsFixture(service);
        service.Clock.Set(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        var march = await listings.InStateAsync("published", provider, bureau, Good("510107"));
        service.Clock.Set(new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero));
        var second = await listings.InStateAsync("published", provider, bureau, Good("510700"));
        var record = await AskAsync(service, $"verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:127.0.0.1:{second}");
        var stamp = record.Descendants(Oai + "datestamp").Single().Value;

        Assert.Equal([march, second], await ListAsync(service, ""));
        Assert.Equal([march], await ListAsync(service, "&until=2026-03-01"));
        Assert.Equal([second], await ListAsync(service, "&from=2026-03-02&until=2026-03-02"));
        Assert.Equal([second], await ListAsync(service, $"&from={stamp}&until={stamp}"));
        Assert.Equal([march], await ListAsync(service, "&set=region:510100"));
        Assert.Equal([march, second], await ListAsync(service, "&set=region:510000"));
        Assert.Equal([march, second], await ListAsync(service, "&set=category"));
        Assert.Equal("noRecordsMatch", await ErrorAsync(service, "verb=ListIdentifiers&metadataPrefix=oai_dc&until=2026-02-28"));
        Assert.Equal("noRecordsMatch", await ErrorAsync(service, "verb=ListIdentifiers&metadataPrefix=oai_dc&set=region:650000"));
    }

    [Theory]
    [InlineData("", "badVerb")]
    [InlineData("verb=Steal", "badVerb")]
    [InlineData("verb=Identify&verb=Identify", "badVerb")]
    [InlineData("verb=Identify&set=x", "badArgument")]
    [InlineData("verb=ListRecords", "badArgument")]
    [InlineData("verb=ListRecords&metadataPrefix=oai_dc&metadataPrefix=oai_dc", "badArgument")]
    [InlineData("verb=ListRecords&metadataPrefix=oai_dc&from=2002-02-05&until=2002-02-06T05:35:00Z", "badArgument")]
    [InlineData("verb=ListRecords&metadataPrefix=oai_dc&from=2026-03-02&until=2026-03-01", "badArgument")]
    [InlineData("verb=ListRecords&metadataPrefix=oai_dc&from=yesterday", "badArgument")]
    [InlineData("verb=ListRecords&metadataPrefix=oai_dc&from=2026-02-30", "badArgument")]
    [InlineData("verb=ListRecords&metadataPrefix=oai_dc&set=colour:red", "badArgument")]
    [InlineData("verb=ListRecords&metadataPrefix=marc", "cannotDisseminateFormat")]
    [InlineData("verb=ListRecords&resumptionToken=nonsense", "badResumptionToken")]
    [InlineData("verb=ListRecords&resumptionToken=nonsense&metadataPrefix=oai_dc", "badArgument")]
    [InlineData("verb=ListSets&resumptionToken=x", "badResumptionToken")]
    [InlineData("verb=GetRecord&metadataPrefix=oai_dc", "badArgument")]
    [InlineData("verb=GetRecord&metadataPrefix=oai_dc&identifier=17", "idDoesNotExist")]
    [InlineData("verb=GetRecord&metadataPrefix=marc&identifier=17", "cannotDisseminateFormat")]
    [InlineData("verb=ListMetadataFormats&identifier=oai:127.0.0.1:17", "idDoesNotExist")]
    [InlineData("verb=ListIdentifiers&metadataPrefix=oai_dc", "noRecordsMatch")]
    public async Task What_is_wrong_is_an_error_of_the_protocol(string query, string code)
    {
        Assert.Equal(code, await ErrorAsync(empty.Service, query));
        var answer = await AskAsync(empty.Service, query);
        if (code is "badVerb" or "badArgument") Assert.Empty(answer.Descendants(Oai + "request").Single().Attributes());
    }

    [Fact]
    public async Task It_says_what_it_is_and_takes_forms_too()
    {
        var service = empty.Service;
        using var form = new FormUrlEncodedContent([new("verb", "Identify")]);
        var reply = await service.As(null).SendAsync(HttpMethod.Post, "/oai", form);
        var identify = XDocument.Parse(reply.Expect(200).Text);
        Assert.Equal("persistent", identify.Descendants(Oai + "deletedRecord").Single().Value);
        Assert.Equal($"{service.Address}oai", identify.Descendants(Oai + "baseURL").Single().Value);
        Assert.Equal("oai_dc", (await AskAsync(service, "verb=ListMetadataFormats")).Descendants(Oai + "metadataPrefix").Single().Value);
        Assert.Contains("field:new_materials", (await AskAsync(service, "verb=ListSets")).Descendants(Oai + "setSpec").Select(set => set.Value));
    }

    static async Task<XDocument> AskAsync(ServiceUnderTest service, string query) =>
        XDocument.Parse((await service.As(null).GetAsync($"/oai?{query}")).Expect(200).Text);

    static async Task<string> ErrorAsync(ServiceUnderTest service, string query) =>
        (string)(await AskAsync(service, query)).Descendants(Oai + "error").First().Attribute("code")!;

    static async Task<List<Guid>> ListAsync(ServiceUnderTest service, string range) =>
        [.. Ids(await AskAsync(service, $"verb=ListIdentifiers&metadataPrefix=oai_dc{range}")).Select(one => one.Id)];

    static List<(Guid Id, bool IsDeleted)> Ids(XDocument answer) =>
    [
        .. answer.Descendants(Oai + "header").Select(header =>
            (Guid.Parse(header.Element(Oai + "identifier")!.Value.Split(':')[2]), (string?)header.Attribute("status") == "deleted")),
    ];
}

/// <summary>A service on which nothing was ever published.</summary>
public sealed class EmptyListings : IAsyncLifetime
{
    public ServiceUnderTest Service { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Service = await ServiceUnderTest.StartAsync(Program.Service);

    public ValueTask DisposeAsync() => Service?.DisposeAsync() ?? default;
}
