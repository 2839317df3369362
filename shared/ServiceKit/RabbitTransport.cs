using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using TechMarket.Events;

namespace TechMarket.ServiceKit;

/// <summary>Distributed: envelopes go to RabbitMQ through MassTransit, confirmed; every service has one quorum queue with one active
/// consumer, so that the order of each aggregate holds.</summary>
public sealed class RabbitTransport(IBusControl bus) : IEventTransport
{
    const string Exchange = "techmarket.events";
    static readonly TimeSpan ConfirmTimeout = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public async Task SendAsync(EventEnvelope envelope, CancellationToken ct)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(ConfirmTimeout);
        // Before our own queue is bound, the broker would confirm the envelope and drop it.
        await bus.WaitForHealthStatus(BusHealthStatus.Healthy, timeout.Token);
        await bus.Publish(envelope, timeout.Token);
    }

    /// <summary>Makes the queues of services on a broker before any of them runs: what one announces while another was never started yet
    /// waits for it there, instead of being confirmed and dropped. Safe to repeat.</summary>
    /// <param name="address">amqp://user:password@host:port/vhost.</param>
    /// <param name="services">The names of the services.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task DeclareAsync(Uri address, IEnumerable<string> services, CancellationToken ct)
    {
        await using var connection = await new ConnectionFactory { Uri = address }.CreateConnectionAsync(ct);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
        await channel.ExchangeDeclareAsync(Exchange, ExchangeType.Fanout, durable: true, cancellationToken: ct);
        foreach (var queue in services.Select(Queue))
        {
            // Exactly what MassTransit declares when the service starts.
            await channel.ExchangeDeclareAsync(queue, ExchangeType.Fanout, durable: true, cancellationToken: ct);
            await channel.ExchangeBindAsync(queue, Exchange, "", cancellationToken: ct);
            await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?>
            {
                ["x-queue-type"] = "quorum",
                ["x-single-active-consumer"] = true,
            }, cancellationToken: ct);
            await channel.QueueBindAsync(queue, queue, "", cancellationToken: ct);
        }
    }

    /// <summary>Connects a service to the broker.</summary>
    /// <param name="services">The service's own.</param>
    /// <param name="service">Its name; the queue is <c>techmarket.NAME</c>.</param>
    /// <param name="address">amqp://user:password@host:port/vhost.</param>
    internal static void Add(IServiceCollection services, string service, Uri address)
    {
        services.AddSingleton<IEventTransport, RabbitTransport>();
        services.AddSingleton<IReadinessCheck, BrokerCheck>();
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddConsumer<EnvelopeConsumer>();
            bus.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.Host(address, host => host.PublisherConfirmation = true);
                rabbit.Message<EventEnvelope>(message => message.SetEntityName(Exchange));
                rabbit.ReceiveEndpoint(Queue(service), endpoint =>
                {
                    endpoint.SetQuorumQueue();
                    endpoint.SetQueueArgument("x-single-active-consumer", true);
                    endpoint.PrefetchCount = 8;
                    endpoint.ConcurrentMessageLimit = 1;
                    endpoint.ConfigureConsumer<EnvelopeConsumer>(context);
                });
            });
        });
    }

    static string Queue(string service) => $"techmarket.{service}";

    sealed class BrokerCheck(IBusControl bus) : IReadinessCheck
    {
        public ValueTask<string?> ReasonNotReadyAsync(CancellationToken ct) =>
            ValueTask.FromResult(bus.CheckHealth().Status == BusHealthStatus.Healthy ? null : "the broker does not answer");
    }
}

/// <summary>Takes envelopes from the queue of a service. An outage is waited out here, because an envelope given back would be overtaken.</summary>
public sealed class EnvelopeConsumer(EventDelivery delivery, TimeProvider clock, ILogger<EnvelopeConsumer> logger) : IConsumer<EventEnvelope>
{
    static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    public async Task Consume(ConsumeContext<EventEnvelope> context)
    {
        while (true)
        {
            try
            {
                await delivery.DeliverAsync(context.Message.Events, context.CancellationToken);
                return;
            }
            catch (Exception e) when (!context.CancellationToken.IsCancellationRequested)
            {
                logger.LogWarning("Events from {Source} wait: {Message}", context.Message.Source, e.Message);
                await Task.Delay(RetryInterval, clock, context.CancellationToken);
            }
        }
    }
}
