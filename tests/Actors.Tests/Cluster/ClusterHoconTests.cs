using Akka.Configuration;
using Involute.Actors.Cluster;
using Involute.Actors.Local;
using Xunit;

namespace Involute.Actors.Tests.Cluster;

public sealed class ClusterHoconTests
{
    [Fact]
    public void A_users_akka_settings_win_over_the_defaults_and_not_over_what_must_be()
    {
        const string User = """
            akka.cluster.failure-detector.acceptable-heartbeat-pause = 20s
            akka.remote.dot-netty.tcp { maximum-frame-size = 1b, enable-ssl = true, tcp-reuse-addr = on }
            akka.actor.provider = local
            """;
        var config = RunHocon.CreateCluster(
            ClusterHocon.Must(encrypted: false), threads: 1, "", User, ClusterHocon.Defaults);

        Assert.Equal(20, config.GetTimeSpan("akka.cluster.failure-detector.acceptable-heartbeat-pause").TotalSeconds);
        Assert.Equal(1, config.GetTimeSpan("akka.cluster.failure-detector.heartbeat-interval").TotalSeconds);
        Assert.True(config.GetByteSize("akka.remote.dot-netty.tcp.maximum-frame-size") > 1 << 20);
        Assert.False(config.GetBoolean("akka.remote.dot-netty.tcp.enable-ssl"));
        Assert.Equal("off", config.GetString("akka.remote.dot-netty.tcp.tcp-reuse-addr"));
        Assert.Equal("cluster", config.GetString("akka.actor.provider"));
    }

    [Theory]
    [InlineData(20, 3, 40)]
    [InlineData(4_000_000, 3, 40)]
    [InlineData(160_000_000, 12, 49)]
    [InlineData(40_000_000_000, 63, 100)]
    public void A_learner_waits_longer_when_theta_is_large(long bytes, int stable, int late)
    {
        var downing = ConfigurationFactory.ParseString(ClusterHocon.DefaultsFor(bytes)).GetConfig(
            "akka.cluster.learner-downing");

        Assert.Equal(stable, downing.GetTimeSpan("stable-after").TotalSeconds);
        Assert.Equal(late, downing.GetTimeSpan("late-after").TotalSeconds);
    }

    [Fact]
    public void A_node_is_known_by_where_others_reach_it_and_its_socket_may_be_elsewhere()
    {
        var outside = new Endpoint("learner.lab", 4053);
        var same = ConfigurationFactory.ParseString(ClusterHocon.Listen(outside, null)).GetConfig(
            "akka.remote.dot-netty.tcp");
        var mapped = ConfigurationFactory.ParseString(ClusterHocon.Listen(outside, new Endpoint("0.0.0.0", 14053)))
            .GetConfig("akka.remote.dot-netty.tcp");

        Assert.Equal(("learner.lab", 4053), (same.GetString("hostname"), same.GetInt("port")));
        Assert.False(same.HasPath("public-hostname"));
        Assert.Equal(("0.0.0.0", 14053), (mapped.GetString("hostname"), mapped.GetInt("port")));
        Assert.Equal(("learner.lab", 4053), (mapped.GetString("public-hostname"), mapped.GetInt("public-port")));
    }

    // Akka reports no error for a misspelt key: the setting would have no effect.
    [Fact]
    public void Every_default_is_a_setting_that_akka_or_we_know()
    {
        var known = ConfigurationFactory.FromResource<Akka.Cluster.Cluster>("Akka.Cluster.Configuration.Cluster.conf")
            .WithFallback(
                ConfigurationFactory.FromResource<Akka.Remote.RemoteSettings>("Akka.Remote.Configuration.Remote.conf"));
        var ours = ConfigurationFactory.ParseString(ClusterHocon.Defaults);
        string[] own = ["akka.cluster.learner-downing.stable-after", "akka.cluster.learner-downing.late-after"];

        var keys = ours.AsEnumerable().SelectMany(entry => Leaves(entry.Key, entry.Value)).ToList();

        Assert.True(keys.Count > 10);
        Assert.All(keys, key => Assert.True(own.Contains(key) || known.HasPath(key), key));
    }

    private static IEnumerable<string> Leaves(string path, Akka.Configuration.Hocon.HoconValue value) =>
        value.IsObject()
            ? value.GetObject().Items.SelectMany(item => Leaves($"{path}.{item.Key}", item.Value))
            : [path];
}
