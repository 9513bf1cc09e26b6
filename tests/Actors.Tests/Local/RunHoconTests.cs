using Akka.Actor;
using Involute.Actors.Local;
using Involute.Actors.Pairs;
using Involute.Actors.Wire;
using Xunit;

namespace Involute.Actors.Tests.Local;

public sealed class RunHoconTests
{
    [Fact]
    public async Task Nothing_writes_to_standard_output()
    {
        var system = Create("");
        Assert.Equal(typeof(SilentLogger), Type.GetType(Assert.Single(system.Settings.Loggers)));
        Assert.IsType<SilentStandardOutput>(system.Settings.StdoutLogger);
        await system.Terminate();
    }

    [Fact]
    public async Task A_user_may_log_more_but_may_not_bring_json_back()
    {
        var system = Create(
            """
            akka.loglevel = DEBUG
            akka.actor.serializers.json = "Akka.Serialization.NewtonSoftJsonSerializer, Akka"
            """);
        Assert.Equal("DEBUG", system.Settings.LogLevel);
        Assert.IsType<RefusingSerializer>(system.Serialization.FindSerializerFor("text"));
        await system.Terminate();
    }

    [Fact]
    public async Task Windows_have_as_many_threads_as_configured()
    {
        var system = Create("");
        var pool = system.Settings.Config.GetConfig(PairDispatcher.Id + ".dedicated-thread-pool");
        Assert.Equal(3, pool.GetInt("thread-count"));
        Assert.True(system.Dispatchers.HasDispatcher(PairDispatcher.Id));
        await system.Terminate();
    }

    private static ActorSystem Create(string user) => ActorSystem.Create("hocon", RunHocon.Create(3, "", user));
}
