using System.Diagnostics;
using System.Globalization;

namespace TechMarket.SystemTests.Hosting;

/// <summary>What the kernel says of processes.</summary>
static class ProcessTable
{
    /// <summary>A process that has ended but was not yet waited for by its parent runs no more.</summary>
    public static bool IsRunning(int processId) => Stat(processId) is [not "Z", ..];

    /// <summary>0 when there is no such process.</summary>
    public static int ParentOf(int processId) => Stat(processId) is [_, var parent, ..] ? int.Parse(parent, CultureInfo.InvariantCulture) : 0;

    /// <summary>What the process and all beneath it hold, memory that they share counted once.</summary>
    public static long MemoryOf(int processId)
    {
        var own = File.ReadLines($"/proc/{processId}/smaps_rollup").Where(line => line.StartsWith("Pss:", StringComparison.Ordinal))
            .Select(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024).FirstOrDefault();
        return own + Process.GetProcesses().Where(other => ParentOf(other.Id) == processId).Sum(child => MemoryOf(child.Id));
    }

    /// <summary>State, parent and what follows; the name before them may hold anything.</summary>
    static string[] Stat(int processId)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return [];
        }
    }
}
