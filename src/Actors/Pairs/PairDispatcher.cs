using System.Globalization;

namespace Involute.Actors.Pairs;

/// <summary>The threads that windows run on: exactly as many as configured, and used for nothing else.</summary>
internal static class PairDispatcher
{
    /// <summary>Its name in Akka's configuration.</summary>
    public const string Id = "involute.pair-dispatcher";

    /// <summary>Akka settings for <paramref name="threads"/> compute threads, at least 1.</summary>
    /// <remarks>
    /// Throughput 1: a thread takes the next pair after each message, so that no pair waits behind another's queue.
    /// </remarks>
    public static string Hocon(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            {{Id}} {
              type = ForkJoinDispatcher
              throughput = 1
              dedicated-thread-pool {
                thread-count = {{threads}}
                threadtype = background
              }
            }
            """);
    }
}
