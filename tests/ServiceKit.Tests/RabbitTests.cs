using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using TechMarket.Events;
using TechMarket.TestKit;
using Xunit;

namespace TechMarket.ServiceKit.Tests;

/// <summary>Events over a real broker: the same promises as in one process.</summary>
public sealed class RabbitTests : IAsyncLifetime
{
    static readonly ServiceDefinition Listeners = NoteService.Definition with { Name = "listeners" };

    TestRabbit rabbit = null!;
    ServiceUnderTest notes = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(TestRabbit.Missing is not null, TestRabbit.Missing ?? "");
        rabbit = await TestRabbit.StartAsync();
        notes = await StartAsync(NoteService.Definition);
    }

    public async ValueTask DisposeAsync()
    {
        if (notes is not null) await notes.DisposeAsync();
        if (rabbit is not null) await rabbit.DisposeAsync();
    }

    [Fact]
    public async Task Every_service_hears_everything_once_and_in_order_though_it_is_sent_again()
    {
        await using var listeners = await StartAsync(Listeners);
        var taken = await TakeAsync(60);
        await HeardAsync(notes, taken);
        await HeardAsync(listeners, taken);

        await notes.RowsAsync<int>("update outbox set sent_at = null where aggregate_id = any(@taken) returning 1", new { taken = taken.ToArray() });
        await SentAsync();
        var later = await TakeAsync(1);
        // What was sent again came before what was taken later, so that by now it has had its chance to do harm.
        await HeardAsync(listeners, [.. taken, .. later]);
        await HeardAsync(notes, [.. taken, .. later]);
    }

    [Fact]
    public async Task Poison_is_parked_and_does_not_hold_up_what_follows()
    {
        var provider = notes.As(TestPerson.Provider());
        var poison = (await provider.PostAsync("/api/notes", new { text = "poison" })).Expect(201).Id;
        await HeardAsync(notes, await TakeAsync(3));
        var letters = (await notes.As(TestPerson.Operator()).GetAsync("/admin/dead-letters")).Expect(200)["items"]!.AsArray();
        Assert.Equal(poison, (Guid)Assert.Single(letters)!["aggregateId"]!);
    }

    [Fact]
    public async Task While_the_broker_is_down_the_service_answers_and_afterwards_nothing_is_missing_or_doubled()
    {
        var taken = await TakeAsync(20);
        // RabbitMQ 3.10 writes the name of a new quorum queue to disk lazily: killed within seconds of its making, it never finds the
        // queue again. An orderly stop writes it.
        await rabbit.Server.StopAsync();
        taken = [.. taken, .. await TakeAsync(20)];
        await rabbit.Server.StartAsync(CancellationToken.None);
        taken = [.. taken, .. await TakeAsync(20)];
        await rabbit.Server.KillAsync();
        taken = [.. taken, .. await TakeAsync(20)];
        Assert.Equal(503, (await notes.As(null).GetAsync("/health/ready")).Status);
        await rabbit.Server.StartAsync(CancellationToken.None);
        taken = [.. taken, .. await TakeAsync(20)];
        await HeardAsync(notes, taken);
        await Eventually.Async(() => notes.As(null).GetAsync("/health/ready"), ready => ready.Status == 200);
    }

    [Fact]
    public async Task What_is_announced_before_a_service_was_ever_started_waits_for_it()
    {
        await RabbitTransport.DeclareAsync(rabbit.Server.Address, ["notes", "listeners"], CancellationToken.None);
        var taken = await TakeAsync(10);
        await SentAsync();
        await using var listeners = await StartAsync(Listeners);
        await HeardAsync(listeners, taken);
    }

    [Fact]
    public async Task A_service_that_stops_in_the_middle_of_its_work_leaves_the_events_in_its_queue()
    {
        var listeners = await StartAsync(Listeners);
        await HeardAsync(listeners, await TakeAsync(5));
        var obstacle = listeners.RowsAsync<int>("do $$ begin lock table heard; perform pg_sleep(60); end $$");
        await Eventually.Async(() => LocksAsync(granted: true), locks => locks > 0);
        await TakeAsync(5);
        await SentAsync();
        await Eventually.Async(() => LocksAsync(granted: false), locks => locks > 0);
        await listeners.DisposeAsync();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => obstacle);

        await Eventually.Async(() => WaitingAsync("techmarket.listeners"), waiting => waiting > 0);
        await Assert.ThrowsAsync<OperationInterruptedException>(() => WaitingAsync("techmarket.listeners_error"));

        async Task<long> LocksAsync(bool granted) => (await listeners.RowsAsync<long>("""
            select count(*) from pg_locks where relation = 'heard'::regclass and granted = @granted
                and (mode = 'AccessExclusiveLock' or not granted)
            """, new { granted })).Single();
    }

    async Task<uint> WaitingAsync(string queue)
    {
        await using var connection = await new ConnectionFactory { Uri = rabbit.Server.Address }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        return (await channel.QueueDeclarePassiveAsync(queue)).MessageCount;
    }

    async Task<ServiceUnderTest> StartAsync(ServiceDefinition definition)
    {
        var service = await ServiceUnderTest.StartAsync(
            definition, new Dictionary<string, string?> { ["RabbitMq"] = rabbit.Server.Address.ToString() });
        await Eventually.Async(() => service.As(null).GetAsync("/health/ready"), ready => ready.Status == 200);
        return service;
    }

    async Task<List<Guid>> TakeAsync(int count)
    {
        var provider = notes.As(TestPerson.Provider());
        List<Guid> taken = [];
        for (var i = 0; i < count; i++) taken.Add((await provider.PostAsync("/api/notes", new { text = $"over the broker {i}" })).Expect(201).Id);
        return taken;
    }

    Task SentAsync() => Eventually.Async(
        async () => (await notes.RowsAsync<long>("select count(*) from outbox where sent_at is null")).Single(), unsent => unsent == 0);

    static async Task HeardAsync(ServiceUnderTest service, IReadOnlyList<Guid> expected)
    {
        var heard = await Eventually.Async(
            () => service.RowsAsync<Guid>("select note from heard where note = any(@expected) order by position", new { expected = expected.ToArray() }),
            heard => heard.Count >= expected.Count, 60);
        Assert.Equal(expected, heard);
    }
}
