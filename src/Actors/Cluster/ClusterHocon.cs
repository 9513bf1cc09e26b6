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
    public static string Listen(Endpoint endpoint) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""

        akka.remote.dot-netty.tcp {
          hostname = "{{endpoint.Host}}"
          port = {{endpoint.Port}}
        }
        """);

    /// <summary>What a user's own akka settings go before; hocon/cluster.conf has the reasons.</summary>
    /// <remarks>
    /// Times from a crash: unreachable after about a heartbeat interval and the pause, downed after stable-after, gone a
    /// second later. 1 + 5 + 3 + 1 = 10 s is well below the 15 s that we promise, and a pause of 5 s outlasts a
    /// garbage collection, a start of several processes on two cores, and some megabytes on the wire.
    /// </remarks>
    public const string Defaults =
        """
        involute.downing {
          stable-after = 3s
          late-after = 40s
        }
        akka.cluster {
          downing-provider-class = "Involute.Actors.Cluster.DowningProvider, Involute.Actors"
          failure-detector {
            heartbeat-interval = 1s
            acceptable-heartbeat-pause = 5s
          }
          seed-node-timeout = 3s
          retry-unsuccessful-join-after = 2s
          shutdown-after-unsuccessful-join-seed-nodes = 60s
          run-coordinated-shutdown-when-down = on
          log-info = off
        }
        akka.remote {
          log-remote-lifecycle-events = off
          retry-gate-closed-for = 1s
          dot-netty.tcp {
            send-buffer-size = 4194304b
            receive-buffer-size = 4194304b
            connection-timeout = 5s
          }
        }
        """;
}
