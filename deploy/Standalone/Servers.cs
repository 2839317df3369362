using TechMarket.LocalServers;

namespace TechMarket.Standalone;

/// <summary>The servers beneath the platform: those given by the environment, else our own on the data directory.</summary>
public sealed class Servers : IAsyncDisposable
{
    readonly EmbeddedPostgres? postgres;
    readonly LocalRabbitMq? rabbit;

    Servers(string database, Uri? broker, EmbeddedPostgres? postgres, LocalRabbitMq? rabbit)
    {
        Database = database;
        Broker = broker;
        this.postgres = postgres;
        this.rabbit = rabbit;
    }

    /// <summary>An administrator's connection to PostgreSQL.</summary>
    public string Database { get; }

    /// <summary>RabbitMQ; null where events stay in the process.</summary>
    public Uri? Broker { get; }

    /// <summary>Waits until the platform is asked to stop (0), or cannot go on because our PostgreSQL is gone (1).</summary>
    public async Task<int> WaitAsync(DataDirectory data, CancellationToken ct)
    {
        var failure = postgres?.WaitForExitAsync(ct) ?? Task.Delay(Timeout.InfiniteTimeSpan, ct);
        await failure.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Console.Error.WriteLine(ct.IsCancellationRequested
            ? "正在停止 · stopping"
            : $"PostgreSQL 意外停止 · PostgreSQL ended unexpectedly: {data.Part("postgres/server.log")}");
        return ct.IsCancellationRequested ? 0 : 1;
    }

    /// <summary>Starts what is not given.</summary>
    public static async Task<Servers> StartAsync(DataDirectory data, bool withBroker, CancellationToken ct)
    {
        var given = Given("TECHMARKET_POSTGRES");
        var givenBroker = Given("TECHMARKET_RABBITMQ");
        if (withBroker && givenBroker is null && !LocalRabbitMq.IsInstalled) throw new CannotStartException(LocalRabbitMq.InstallLine);
        var startingRabbit = withBroker && givenBroker is null
            ? Progress.StepAsync("启动 RabbitMQ · starting RabbitMQ", () => LocalRabbitMq.StartAsync(data.Part("rabbitmq"), data.Password("rabbitmq"), ct))
            : null;
        EmbeddedPostgres? postgres = null;
        try
        {
            if (given is null)
            {
                postgres = await Progress.StepAsync("启动 PostgreSQL · starting PostgreSQL",
                    () => EmbeddedPostgres.StartAsync(data.Part("postgres"), data.Password("postgres"), new PostgresOptions(), ct));
            }

            var rabbit = startingRabbit is null ? null : await startingRabbit;
            var broker = withBroker ? rabbit?.Address ?? new Uri(givenBroker!) : null;
            return new Servers(given ?? postgres!.ConnectionString, broker, postgres, rabbit);
        }
        catch
        {
            if (postgres is not null) await postgres.DisposeAsync();
            if (startingRabbit is { IsFaulted: false }) await (await startingRabbit).DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(rabbit?.DisposeAsync().AsTask() ?? Task.CompletedTask, postgres?.DisposeAsync().AsTask() ?? Task.CompletedTask);
    }

    static string? Given(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
