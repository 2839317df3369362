using System.Runtime.InteropServices;
using TechMarket.LocalServers;
using TechMarket.Standalone.Commands;
using TechMarket.Tools;

namespace TechMarket.Standalone;

/// <summary>A command of the program.</summary>
/// <param name="Name">What is typed.</param>
/// <param name="Summary">What it does, in one line of Chinese and English.</param>
/// <param name="ExecuteAsync">Does it and answers the exit code; cancelled by Ctrl-C and SIGTERM.</param>
public sealed record Command(string Name, string Summary, Func<Arguments, CancellationToken, Task<int>> ExecuteAsync);

/// <summary>The program <c>techmarket</c>: the whole platform in one process, or all its processes on one machine, and the tools around it.</summary>
public static class Program
{
    static readonly IReadOnlyList<Command> Commands =
    [
        Run.Command, Stack.Command, WalkDeal.Command, ImportCollections.Command, Backup.Command, Restore.Command, Upgrade.Command, BenchStart.Command,
        Migrate.Command, TestServers.Command,
    ];

    /// <summary>Runs a command: 0 done, 1 it could not be done (said in one line), 2 it was not understood.</summary>
    public static async Task<int> Main(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var command = Commands.FirstOrDefault(command => command.Name == args.FirstOrDefault());
        if (command is null)
        {
            Console.Error.WriteLine("techmarket COMMAND [--port N] [--data DIR] …");
            foreach (var known in Commands) Console.Error.WriteLine($"  {known.Name,-14}{known.Summary}");
            return 2;
        }

        using var stopping = new CancellationTokenSource();
        var signals = new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            stopping.Cancel();
        })).ToList();
        try
        {
            return await command.ExecuteAsync(new Arguments(args[1..]), stopping.Token);
        }
        catch (ArgumentException e)
        {
            Console.Error.WriteLine(e.Message);
            return 2;
        }
        catch (Exception e) when (e is CannotStartException or MarketException)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return 0;
        }
        finally
        {
            foreach (var signal in signals) signal.Dispose();
        }
    }
}
