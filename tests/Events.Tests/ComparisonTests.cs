using System.Text.Json.Nodes;
using Xunit;

namespace TechMarket.Events.Tests;

/// <summary>The guard of the snapshots itself: it must find what it is there for.</summary>
public sealed class ComparisonTests
{
    const string Recorded = """{"title":"甲","price":10.50,"tags":["a","b"],"owner":{"name":"乙","share":100},"paid":true}""";

    [Theory]
    [InlineData("""{"price":10.50,"tags":["a","b"],"owner":{"name":"乙","share":100},"paid":true}""", "$.title is lost")]
    [InlineData("""{"title":"甲","price":10.50,"tags":["a","b"],"owner":{"share":100},"paid":true}""", "$.owner.name is lost")]
    [InlineData("""{"Title":null,"price":10.50,"tags":["a","b"],"owner":{"name":"乙","share":100},"paid":true}""", "$.title is lost")]
    [InlineData("""{"title":"甲","price":"10.50","tags":["a","b"],"owner":{"name":"乙","share":100},"paid":true}""", "$.price was Number, is String")]
    [InlineData("""{"title":"甲","price":10.5,"tags":["a","b"],"owner":{"name":"乙","share":100},"paid":true}""", "$.price was 10.50, is 10.5")]
    [InlineData("""{"title":"甲","price":10.50,"tags":["b","a"],"owner":{"name":"乙","share":100},"paid":true}""", "$.tags[0] was \"a\", is \"b\"")]
    [InlineData("""{"title":"甲","price":10.50,"tags":["a"],"owner":{"name":"乙","share":100},"paid":true}""", "$.tags was [\"a\",\"b\"], is [\"a\"]")]
    [InlineData("""{"title":"甲","price":10.50,"tags":["a","b"],"owner":"乙","paid":true}""", "$.owner was Object, is String")]
    [InlineData("""{"title":"甲","price":10.50,"tags":["a","b"],"owner":null,"paid":true}""", "$.owner was Object, is Null")]
    [InlineData("""{"title":"甲","price":10.50,"tags":["a","b"],"owner":{"name":"乙","share":100},"paid":1}""", "$.paid was True, is Number")]
    public void A_field_that_is_lost_or_has_changed_is_found(string written, string difference) =>
        Assert.Equal(difference, Differences(written).First());

    [Fact]
    public void A_field_under_another_name_is_found_twice() =>
        Assert.Equal(["$.title is lost", "$.name came from nowhere"],
            Differences("""{"name":"甲","price":10.50,"tags":["a","b"],"owner":{"name":"乙","share":100},"paid":true}"""));

    [Theory]
    [InlineData("""{"title":"甲","price":10.50,"tags":["a","b"],"owner":{"name":"乙","share":100},"paid":true}""")]
    [InlineData("""{"paid":true,"title":"\u7532","owner":{"share":100,"name":"乙"},"tags":["a","b"],"price":10.50}""")]
    [InlineData("""{"title":"甲","price":10.50,"tags":["a","b"],"owner":{"name":"乙","share":100,"since":null},"paid":true,"later":null}""")]
    public void The_order_of_fields_and_a_new_one_that_is_empty_make_no_difference(string written) => Assert.Empty(Differences(written));

    [Fact]
    public void A_new_field_that_must_be_filled_is_found() =>
        Assert.Equal(["$.price", "$.parts[0].tags"],
            Snapshots.RequiredLater(typeof(Grown), JsonNode.Parse("""{"title":"甲","parts":[{"name":"乙"}],"origin":null}""")));

    [Fact]
    public void A_renamed_field_of_a_real_event_is_found()
    {
        var recorded = JsonNode.Parse(Snapshots.Text(nameof(AuctionFailed))!);
        var renamed = recorded!.DeepClone().AsObject();
        renamed["why"] = renamed["reason"]!.DeepClone();
        renamed.Remove("reason");
        Assert.Equal(["$.reason is lost", "$.why came from nowhere"], Snapshots.Differences(recorded, renamed));
        Assert.Null(((AuctionFailed)EventCatalogue.Read(nameof(AuctionFailed), renamed.ToJsonString())!).Reason);
    }

    static IEnumerable<string> Differences(string written) => Snapshots.Differences(JsonNode.Parse(Recorded), JsonNode.Parse(written));

    sealed record Grown(string Title, decimal Price, IReadOnlyList<Part> Parts, Part? Origin, decimal? Discount, string? Remark);

    sealed record Part(string Name, IReadOnlyList<string> Tags, Guid? Owner);
}
