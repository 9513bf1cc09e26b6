using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Hosting;
using Involute.Actors.Cluster;
using Xunit;

namespace Involute.Actors.Tests.Cluster;

/// <summary>Members of a cluster in this process, and the certificates that they show.</summary>
internal static class Members
{
    // Only a guard against a test that hangs: nothing depends on how long anything takes.
    public static readonly TimeSpan Guard = TimeSpan.FromMinutes(2);

    // A node that is refused gives up after seconds, not after a minute.
    private const string GiveUpSoon = "akka.cluster.shutdown-after-unsuccessful-join-seed-nodes = 6s";

    public static X509Certificate2 Certificate(int daysFrom = -1, int daysTo = 10)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(daysFrom), now.AddDays(daysTo));
    }

    /// <summary>Shows a certificate, and accepts the same one or, if some are given, those.</summary>
    public static Encryption Showing(X509Certificate2 certificate, params X509Certificate2[] letIn) => new(
        certificate,
        [.. (letIn.Length > 0 ? letIn : [certificate]).Select(Encryption.Thumbprint)],
        TimeProvider.System);

    public static Task<ClusterNode> StartAsync(
        Encryption? encryption, Action<AkkaConfigurationBuilder>? configure = null, string host = "127.0.0.1") =>
        ClusterNode.StartAsync(
            new ClusterNodeOptions(
                new Endpoint(host, 0), ClusterRole.Worker, 1, string.Empty, GiveUpSoon, encryption),
            akka => configure?.Invoke(akka));

    /// <summary>Starts a node that forms a cluster of its own.</summary>
    public static async Task<ClusterNode> FoundAsync(Encryption? encryption)
    {
        var node = await StartAsync(encryption);
        node.Join([node.Address]);
        await UpAsync(node);
        return node;
    }

    /// <summary>Completes when a node is a member of a cluster.</summary>
    public static Task UpAsync(ClusterNode node)
    {
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Akka.Cluster.Cluster.Get(node.System).RegisterOnMemberUp(() => up.SetResult());
        return up.Task.WaitAsync(Guard, TestContext.Current.CancellationToken);
    }

    /// <summary>The ports of the members that a node knows.</summary>
    public static IReadOnlyList<int> Ports(ClusterNode node) =>
        [.. Akka.Cluster.Cluster.Get(node.System).State.Members.Select(member => member.Address.Port!.Value).Order()];
}
