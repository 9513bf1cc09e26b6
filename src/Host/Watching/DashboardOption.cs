using System.CommandLine;
using System.Globalization;
using Involute.Host.Errors;

namespace Involute.Host.Watching;

/// <summary>The option <c>--dashboard</c> of a process that leads a run.</summary>
internal sealed class DashboardOption
{
    private readonly Option<string?> _dashboard = new("--dashboard")
    {
        Description = "Serve a page with live charts of the runs in the folder, and buttons to steer them, on this machine only: on "
            + "port 4058 if it is free, or on the port that is named.",
        HelpName = "PORT",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>Adds it to a command.</summary>
    public void AddTo(Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        command.Add(_dashboard);
    }

    /// <summary>Reads it; null if there is no dashboard.</summary>
    /// <exception cref="CommandException">It is wrong; one line.</exception>
    public DashboardPlace? Read(ParseResult parsed)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        return parsed.GetResult(_dashboard) is not { } given ? null
            : given.Tokens is not [{ Value: var text }] ? DashboardPlace.Usual
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= ushort.MaxValue
                ? new DashboardPlace(port)
            : throw new CommandException(
                ExitCode.Configuration,
                $"{_dashboard.Name} {text}: no port; allowed: 0 to 65535, on this machine only (docs/dashboard.md: from elsewhere "
                + "through ssh -L)");
    }
}

/// <summary>Where a dashboard is served, on this machine.</summary>
/// <param name="Port">The port; 0 for any that is free, null for the usual one, or any that is free.</param>
internal sealed record DashboardPlace(int? Port)
{
    /// <summary>The port where pages look again after a restart.</summary>
    public const int UsualPort = 4058;

    /// <summary>No port is named.</summary>
    public static DashboardPlace Usual { get; } = new((int?)null);
}
