using System.Net;
using Involute.Dashboard.Page;
using Involute.Dashboard.Serving;

namespace Involute.Host.Watching;

/// <summary>A dashboard that is being served.</summary>
internal sealed class ServedDashboard : IAsyncDisposable
{
    private readonly WebServer _server;
    private readonly DashboardPages _pages;

    private ServedDashboard(WebServer server, DashboardPages pages) => (_server, _pages) = (server, pages);

    /// <summary>What opens the page.</summary>
    public string Url => _pages.Url(_server.Port);

    /// <summary>Begins to serve.</summary>
    /// <param name="place">Where.</param>
    /// <param name="runs">Folder of the runs.</param>
    /// <param name="token">What the page needs.</param>
    /// <exception cref="IOException">The place is not free; one line.</exception>
    public static async Task<ServedDashboard> OpenAsync(DashboardPlace place, string runs, string token)
    {
        ArgumentNullException.ThrowIfNull(place);
        var pages = new DashboardPages(new WatchedRuns(runs, TimeProvider.System), token, TimeProvider.System);
        try
        {
            return new ServedDashboard(await ListenAsync(pages, place.Port ?? DashboardPlace.UsualPort), pages);
        }
        catch (IOException) when (place.Port is null)
        {
            // Another run may have the usual port.
            return new ServedDashboard(await ListenAsync(pages, 0), pages);
        }
    }

    /// <summary>The same for a process that leads a run, which says so; null if it serves none.</summary>
    /// <param name="place">Where; null for nowhere.</param>
    /// <param name="runs">Folder of the runs.</param>
    /// <exception cref="IOException">The place is not free; one line.</exception>
    public static async Task<ServedDashboard?> OpenAsync(DashboardPlace? place, string runs)
    {
        if (place is null)
        {
            return null;
        }

        var served = await OpenAsync(place, runs, DashboardToken.Of(DashboardToken.UsersFile));
        Console.WriteLine($"dashboard: {served.Url}");
        return served;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static Task<WebServer> ListenAsync(DashboardPages pages, int port) =>
        WebServer.StartAsync(IPAddress.Loopback, port, new HostNames(), pages.Pages);
}
