using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using Akka.Configuration.Hocon;
using Akka.Remote;
using Involute.Runs.Configuration;
using Involute.Runs;
using ConfigurationException = Involute.Runs.Configuration.ConfigurationException;

namespace Involute.Actors.Local;

/// <summary>
/// Checks a user's block <c>akka</c> before a run begins: Akka.NET itself meets a wrong value anywhere between the start of
/// an actor system and the middle of a run.
/// </summary>
internal static class AkkaSettings
{
    private const string Root = "akka";

    private static readonly Lazy<Config> Reference = new(() => ConfigurationFactory.Default()
        .WithFallback(ConfigurationFactory.FromResource<RemoteSettings>("Akka.Remote.Configuration.Remote.conf"))
        .WithFallback(ConfigurationFactory.FromResource<ClusterSettings>("Akka.Cluster.Configuration.Cluster.conf"))
        .WithFallback(Akka.Persistence.Persistence.DefaultConfig()));

    /// <summary>Throws for the first value that Akka.NET would not take.</summary>
    /// <param name="text">The block as <see cref="RunConfiguration.Akka"/> has it; empty if there is none.</param>
    /// <exception cref="ConfigurationException">One is wrong.</exception>
    public static void Require(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length == 0)
        {
            return;
        }

        CheckKinds(ConfigurationFactory.ParseString(text).GetValue(Root), Root);
        TryStart(text);
    }

    /// <summary>The keys that Akka.NET's own defaults have, with their values.</summary>
    internal static IEnumerable<(string Key, HoconValue Value)> ReferenceKeys() =>
        Leaves(Reference.Value.GetValue(Root), Root).Where(leaf => !leaf.Value.IsEmpty);

    private static void CheckKinds(HoconValue user, string path)
    {
        foreach (var (key, value) in user.GetObject().Items)
        {
            var inner = $"{path}.{(key.Contains('.', StringComparison.Ordinal) ? $"\"{key}\"" : key)}";
            if (Find(inner) is not { IsEmpty: false } known)
            {
                continue;
            }

            if (AkkaValueKind.Problem(known, value) is var (problem, allowed))
            {
                throw Refused(inner, problem, allowed);
            }

            if (known.IsObject() && value.IsObject())
            {
                CheckKinds(value, inner);
            }
        }
    }

    private static HoconValue? Find(string path) => Reference.Value.HasPath(path) ? Reference.Value.GetValue(path) : null;

    // What no rule about kinds can tell: names of types, dispatchers and levels. It costs a tenth of a second, and only
    // where there is such a block.
    private static void TryStart(string text)
    {
        try
        {
            using var system = ActorSystem.Create(ActorSystemHost.Name, RunHocon.Create(1, "", text));
            system.Dispatchers.Lookup("akka.actor.internal-dispatcher");
        }
        catch (Exception failed) when (failed is not OutOfMemoryException)
        {
            var reason = failed.Innermost().Message.ReplaceLineEndings(" ");
            throw Refused(Root, $"Akka.NET does not start with it ({reason})", "values that Akka.NET knows");
        }
    }

    private static ConfigurationException Refused(string key, string problem, string allowed) =>
        new(SourcePosition.Of("the settings"), key, problem, allowed);

    private static IEnumerable<(string Key, HoconValue Value)> Leaves(HoconValue value, string path) => value.IsObject()
        ? value.GetObject().Items.Where(entry => !entry.Key.Contains('.', StringComparison.Ordinal))
            .SelectMany(entry => Leaves(entry.Value, $"{path}.{entry.Key}"))
        : [(path, value)];
}
