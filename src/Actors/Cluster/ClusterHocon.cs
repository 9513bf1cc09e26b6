using System.Globalization;
using Involute.Actors.Wire;

namespace Involute.Actors.Cluster;

/// <summary>Akka settings of a member of the cluster.</summary>
internal static class ClusterHocon
{
    /// <summary>The actor system of every member: only systems of one name find each other.</summary>
    public const string SystemName = "involute";

    /// <summary>What a user's own akka settings do not change.</summary>
    /// <remarks>The first phase of a shutdown is where <see cref="NodeEnd"/> holds one back.</remarks>
    public static string Must(bool encrypted) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        akka.actor.provider = cluster
        akka.remote.dot-netty.tcp {
          maximum-frame-size = {{WireLink.FrameBytes}}b
          enable-ssl = {{(encrypted ? "true" : "false")}}
        }
        akka.coordinated-shutdown.phases.before-service-unbind.timeout = 24d
        akka.actor.serializers.daemon-create = "Involute.Actors.Wire.RefusingDaemonSerializer, Involute.Actors"
        """);

    /// <summary>Where a member listens.</summary>
    /// <param name="endpoint">Where others reach it: its name in the cluster.</param>
    /// <param name="bind">Where its socket is, if not there.</param>
    public static string Listen(Endpoint endpoint, Endpoint? bind) => bind is { } socket
        ? Address("", socket) + Address("public-", endpoint)
        : Address("", endpoint);

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

    private static string Resource(string name)
    {
        using var stream = typeof(ClusterHocon).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"the program was built without {name}");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
