using System.Net;
using System.Net.Sockets;

namespace TechMarket.LocalServers;

/// <summary>Ports on the loopback address.</summary>
public static class FreePort
{
    /// <summary>A port that is free now, chosen by the system. Whoever takes it should be ready to try another.</summary>
    public static int Any() => Several(1)[0];

    /// <summary>Several different ones.</summary>
    public static IReadOnlyList<int> Several(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        try
        {
            foreach (var listener in listeners) listener.Start();
            return [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            foreach (var listener in listeners) listener.Dispose();
        }
    }

    /// <summary>Makes sure that nobody listens on a port; 0 stands for any.</summary>
    /// <exception cref="CannotStartException">Somebody does.</exception>
    public static void Require(int port)
    {
        if (port != 0 && !IsFree(port))
            throw new CannotStartException($"端口 {port} 已被占用，可用 --port 另选 · port {port} is in use, choose another with --port");
    }

    static bool IsFree(int port)
    {
        try
        {
            // Without SO_REUSEADDR a port that was closed a moment ago would look taken.
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
