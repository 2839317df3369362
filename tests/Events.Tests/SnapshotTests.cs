using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace TechMarket.Events.Tests;

/// <summary>What was published once can be read for ever.</summary>
public sealed class SnapshotTests
{
    static readonly JsonSerializerOptions Indented = new(EventCatalogue.Json) { WriteIndented = true };

    public static TheoryData<string> Events() => [.. EventCatalogue.Types.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Events))]
    public void Every_event_has_its_first_message(string name)
    {
        var example = Examples.ByName[name];
        if (Snapshots.Text(name) is null)
            Assert.Fail($"Put this into Snapshots/{name}.json and never change it:\n{JsonSerializer.Serialize(example, example.GetType(), Indented)}");
    }

    [Fact]
    public void Every_message_is_of_an_event_that_is_still_known() =>
        Assert.Equal([.. EventCatalogue.Types.Keys.Append(nameof(EventEnvelope)).Order(StringComparer.Ordinal)],
            Snapshots.Names().Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Events))]
    public void It_leaves_nothing_empty(string name) => Assert.Empty(Holes(Message(name)));

    [Theory]
    [MemberData(nameof(Events))]
    public void It_is_read_into_what_it_was_written_from(string name) => AssertSame(Examples.ByName[name], Read(name, Snapshots.Text(name)!));

    [Theory]
    [MemberData(nameof(Events))]
    public void It_is_written_again_as_it_was(string name) =>
        Assert.Empty(Snapshots.Differences(Message(name), JsonNode.Parse(EventCatalogue.Write(Read(name, Snapshots.Text(name)!)))));

    [Theory]
    [MemberData(nameof(Events))]
    public void The_event_of_today_is_written_as_it_was(string name) =>
        Assert.Empty(Snapshots.Differences(Message(name), JsonNode.Parse(EventCatalogue.Write(Examples.ByName[name]))));

    [Theory]
    [MemberData(nameof(Events))]
    public void What_an_event_gained_since_may_be_missing(string name) =>
        Assert.Empty(Snapshots.RequiredLater(EventCatalogue.Types[name], Message(name)));

    [Theory]
    [MemberData(nameof(Events))]
    public void Fields_that_nobody_knows_are_ignored(string name)
    {
        var message = Message(name);
        Snapshots.AddUnknown(message);
        AssertSame(Examples.ByName[name], Read(name, message.ToJsonString()));
    }

    [Theory]
    [MemberData(nameof(Events))]
    public void Fields_that_may_be_missing_are_read_as_nothing(string name)
    {
        var message = Message(name);
        Snapshots.RemoveOptional(message, EventCatalogue.Types[name]);
        Assert.Empty(Snapshots.Differences(message, JsonNode.Parse(EventCatalogue.Write(Read(name, message.ToJsonString())))));
    }

    /// <summary>Counted by hand: 9 of its own, 2 numbers of rights, 2 organisations of owners; the origin goes as a whole.</summary>
    [Fact]
    public void An_achievement_may_leave_thirteen_fields_out()
    {
        var message = Message(nameof(AchievementPublished));
        Assert.Equal(13, Snapshots.RemoveOptional(message, typeof(AchievementPublished)));
        var read = (AchievementPublished)Read(nameof(AchievementPublished), message.ToJsonString());
        Assert.Null(read.Category);
        Assert.Null(read.Trl);
        Assert.Null(read.AskingPriceCny);
        Assert.Null(read.Origin);
        Assert.All(read.IntellectualProperty, right => Assert.Null(right.Number));
        Assert.All(read.OwnershipShares, share => Assert.Null(share.OrganisationId));
        Assert.Equal("锂离子电池热失控抑制用固态电解质", read.Title);
    }

    static JsonObject Message(string name) => JsonNode.Parse(Snapshots.Text(name)!)!.AsObject();

    static object Read(string name, string json) => EventCatalogue.Read(name, json)!;

    /// <summary>The same values in the same order, to the digits of an amount: lists in records are equal only when they are one and the same.</summary>
    static void AssertSame(object expected, object actual)
    {
        Assert.IsType(expected.GetType(), actual);
        Assert.Equivalent(expected, actual, strict: true);
        Assert.Equal(EventCatalogue.Write(expected), EventCatalogue.Write(actual));
    }

    static IEnumerable<string> Holes(JsonNode? node) => node switch
    {
        null => ["null"],
        JsonArray { Count: 0 } empty => [empty.GetPath()],
        JsonArray array => array.SelectMany(Holes),
        JsonObject fields => fields.SelectMany(field => field.Value is null ? [$"{fields.GetPath()}.{field.Key}"] : Holes(field.Value)),
        _ => node.ToJsonString() is "\"\"" or "0" or "false" ? [node.GetPath()] : [],
    };
}
