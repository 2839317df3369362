using System.Text.Json;
using System.Text.Json.Nodes;
using MassTransit.Serialization;
using Xunit;

namespace TechMarket.Events.Tests;

public sealed class MessageTests
{
    /// <summary>As the broker's client writes it: not with the options of the catalogue.</summary>
    static readonly JsonSerializerOptions Broker = SystemTextJsonMessageSerializer.Options;

    [Fact]
    public void The_envelope_that_was_first_sent_is_still_read()
    {
        var read = JsonSerializer.Deserialize<EventEnvelope>(Snapshots.Text(nameof(EventEnvelope))!, Broker)!;
        Assert.Equal("auctions", read.Source);
        Assert.Equal(Examples.Envelope.Events, read.Events);
    }

    [Fact]
    public void The_envelope_is_sent_as_it_was_first() => Assert.Empty(Snapshots.Differences(
        JsonNode.Parse(Snapshots.Text(nameof(EventEnvelope))!), JsonSerializer.SerializeToNode(Examples.Envelope, Broker)));

    [Fact]
    public void Every_event_arrives_as_it_was_sent_and_in_its_place()
    {
        var events = Examples.ByName.Values.Select((example, i) => new EventMessage(
            Guid.CreateVersion7(), Guid.CreateVersion7(), example.GetType().Name, EventCatalogue.Write(example), i % 2 == 0 ? null : "00-1-2-01",
            DateTimeOffset.UnixEpoch.AddMilliseconds(i))).ToList();
        var arrived = JsonSerializer.Deserialize<EventEnvelope>(JsonSerializer.Serialize(new EventEnvelope("listings", events), Broker), Broker)!;
        Assert.Equal("listings", arrived.Source);
        Assert.Equal(events, arrived.Events);
        Assert.All(arrived.Events, message =>
            Assert.Equivalent(Examples.ByName[message.Type], EventCatalogue.Read(message.Type, message.Body), strict: true));
    }

    [Fact]
    public void A_message_without_a_trace_is_read()
    {
        var message = JsonSerializer.SerializeToNode(Examples.Envelope.Events[0], Broker)!.AsObject();
        Assert.True(message.Remove("traceParent"));
        Assert.Equal(Examples.Envelope.Events[0] with { TraceParent = null }, message.Deserialize<EventMessage>(Broker));
    }

    [Theory]
    [InlineData("SomethingNew")]
    [InlineData("auctionFailed")]
    [InlineData("EventEnvelope")]
    [InlineData("PartyFact")]
    [InlineData("")]
    public void A_name_that_this_build_does_not_know_is_nothing(string name) => Assert.Null(EventCatalogue.Read(name, "{}"));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("""{"auctionId":"not an id"}""")]
    [InlineData("""{"failedAt":"yesterday"}""")]
    [InlineData("""{"reason":7}""")]
    public void A_body_that_is_not_the_event_is_an_error(string body) =>
        Assert.Throws<JsonException>(() => EventCatalogue.Read(nameof(AuctionFailed), body));

    [Fact]
    public void Texts_travel_as_they_are() =>
        Assert.Contains("\"reason\":\"另作他用\"", EventCatalogue.Write(Examples.ByName[nameof(AchievementWithdrawn)]), StringComparison.Ordinal);

    [Fact]
    public void Amounts_keep_every_digit() =>
        Assert.Contains("\"technicalAmountCny\":999999999999.99", EventCatalogue.Write(Examples.ByName[nameof(ContractRegistered)]), StringComparison.Ordinal);
}
