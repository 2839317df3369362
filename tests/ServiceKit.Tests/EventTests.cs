using TechMarket.Events;
using TechMarket.TestKit;
using Xunit;

namespace TechMarket.ServiceKit.Tests;

public sealed class EventTests(NoteFixture fixture)
{
    [Fact]
    public async Task What_was_announced_is_heard_once_and_marked_sent()
    {
        var note = (await fixture.Service.As(TestPerson.Provider()).PostAsync("/api/notes", new { text = "hear me" })).Expect(201).Id;
        await Eventually.Async(() => HeardAsync(note), heard => heard.Count == 1);
        await Eventually.Async(async () => (await fixture.Service.RowsAsync<DateTime?>(
            "select sent_at from outbox where aggregate_id = @note", new { note })).Single(), sent => sent is not null);
        Assert.Single(await HeardAsync(note));
    }

    [Fact]
    public async Task An_event_delivered_many_times_at_once_takes_effect_once()
    {
        var need = Guid.CreateVersion7();
        var message = Guid.CreateVersion7();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => fixture.Service.DeliverAsync(need, Closed(need, "again"), message)));
        Assert.Single(await HeardAsync(need));
    }

    [Fact]
    public async Task Poison_is_parked_shown_and_applied_again_when_the_cause_is_gone()
    {
        var need = Guid.CreateVersion7();
        var message = await fixture.Service.DeliverAsync(need, Closed(need, "poison"));
        Assert.Empty(await HeardAsync(need));

        var operators = fixture.Service.As(TestPerson.Operator());
        (await fixture.Service.As(TestPerson.Bureau()).GetAsync("/admin/dead-letters")).Expect(403);
        var letters = (await operators.GetAsync("/admin/dead-letters")).Expect(200)["items"]!.AsArray();
        var letter = Assert.Single(letters, letter => (Guid)letter!["messageId"]! == message)!;
        Assert.Contains("it cannot be applied", (string)letter["error"]!, StringComparison.Ordinal);

        Assert.False((bool)(await operators.PostAsync($"/admin/dead-letters/{message}/replay", null)).Expect(200)["applied"]!);
        (await fixture.Service.As(TestPerson.Provider()).PostAsync("/api/notes", new { text = $"cure {need}" })).Expect(201);
        Assert.True((bool)(await operators.PostAsync($"/admin/dead-letters/{message}/replay", null)).Expect(200)["applied"]!);
        Assert.Single(await HeardAsync(need));
    }

    [Fact]
    public async Task Events_of_one_aggregate_are_heard_in_the_order_they_were_published()
    {
        var provider = fixture.Service.As(TestPerson.Provider());
        var notes = new List<Guid>();
        for (var i = 0; i < 40; i++) notes.Add((await provider.PostAsync("/api/notes", new { text = $"in order {i}" })).Expect(201).Id);
        var heard = await Eventually.Async(
            () => fixture.Service.RowsAsync<Guid>("select note from heard where note = any(@notes) order by position", new { notes = notes.ToArray() }),
            heard => heard.Count == notes.Count);
        Assert.Equal(notes, heard);
    }

    [Fact]
    public async Task A_revoked_session_is_refused_from_then_on()
    {
        var person = TestPerson.Provider();
        (await fixture.Service.As(person).PostAsync("/api/notes", new { text = "while it lasts" })).Expect(201);
        await fixture.Service.DeliverAsync(person.PersonId,
            new SessionRevoked(person.SessionId, person.PersonId, DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddHours(1)));
        (await fixture.Service.As(person).PostAsync("/api/notes", new { text = "too late" })).Expect(401);
    }

    static NeedClosed Closed(Guid need, string reason) => new(need, 1, reason, DateTimeOffset.UtcNow);

    Task<IReadOnlyList<string>> HeardAsync(Guid note) =>
        fixture.Service.RowsAsync<string>("select text from heard where note = @note", new { note });
}
