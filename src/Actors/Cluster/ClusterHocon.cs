using System.Globalization;
using Akka.Configuration;
using Involute.Actors.Wire;

namespace Involute.Actors.Cluster;

/// <summary>Akka settings of a member of the cluster.</summary>
internal static class ClusterHocon
{
    /// <summary>The actor system of every member: only systems of one name find each other.</summary>
    public const string SystemName = Local.ActorSystemHost.Name;

    private const long BytesPerSecondMore = 1 << 24;
    private const long MostSecondsMore = 60;

    /// <summary>What a user's own akka settings do not change.</summary>
    /// <remarks>
    /// The first phase of a shutdown is where <see cref="ShutdownGate"/> holds one back. Reuse of an address lets two
    /// processes listen on one port, and the system deals the workers out between them; a port that a killed process
    /// has left can be used at once without it. Akka reads an adapter's name with quotes if there is a space in it.
    /// </remarks>
    public static string Must(bool encrypted) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        akka.actor.provider = cluster
        akka.remote.dot-netty.tcp {
          maximum-frame-size = {{WireLink.FrameBytes}}b
          tcp-reuse-addr = off
          enable-ssl = {{(encrypted ? "true" : "false")}}
          applied-adapters = [involute-door]
        }
        akka.remote.adapters.involute-door = "Involute.Actors.Cluster.DoorProvider,Involute.Actors"
        akka.coordinated-shutdown.phases.before-service-unbind.timeout = 24d
        akka.actor.serializers.daemon-create = "Involute.Actors.Wire.RefusingDaemonSerializer, Involute.Actors"
        """);

    /// <summary>Where a member listens.</summary>
    /// <param name="endpoint">Where others reach it: its name in the cluster.</param>
    /// <param name="bind">Where its socket is, if not there.</param>
    /// <param name="overIPv6">Whether names stand for IPv6 addresses, as they must where its own is one.</param>
    public static string Listen(Endpoint endpoint, Endpoint? bind, bool overIPv6 = false) => (bind is { } socket
        ? Address("", socket) + Address("public-", endpoint)
        : Address("", endpoint)) + (overIPv6 ? "akka.remote.dot-netty.tcp.dns-use-ipv6 = on\n" : "");

    /// <summary>What a user's own akka settings go before: hocon/cluster.conf, which has the reasons.</summary>
    public static string Defaults { get; } = Resource("cluster.conf");

    private static string Address(string prefix, Endpoint endpoint) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""

        akka.remote.dot-netty.tcp {
          {{prefix}}hostname = "{{endpoint.Host}}"
          {{prefix}}port = {{endpoint.Port}}
        }
        """);

    /// <summary>
    /// The same for a learner whose theta is large: one second more before a division counts for every 16 MB of theta,
    /// at most a minute. It is the learner's side that decides, so its workers need not know.
    /// </summary>
    /// <remarks>
    /// A member that writes, sends and collects such vectors answers late without being gone; 16 MB a second is what a
    /// slow network (100 Mbit/s) carries.
    /// </remarks>
    /// <param name="thetaBytes">Bytes of one theta.</param>
    public static string DefaultsFor(long thetaBytes)
    {
        var seconds = Math.Min(MostSecondsMore, thetaBytes / BytesPerSecondMore);
        var times = ConfigurationFactory.ParseString(Defaults).GetConfig("akka.cluster.learner-downing");
        return seconds == 0 ? Defaults : Defaults + string.Create(
            CultureInfo.InvariantCulture,
            $$"""

            akka.cluster.learner-downing {
              stable-after = {{times.GetTimeSpan("stable-after").TotalSeconds + seconds}}s
              late-after = {{times.GetTimeSpan("late-after").TotalSeconds + seconds}}s
            }
            """);
    }

    private static string Resource(string name)
    {
        using var stream = typeof(ClusterHocon).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"the program was built without {name}");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
