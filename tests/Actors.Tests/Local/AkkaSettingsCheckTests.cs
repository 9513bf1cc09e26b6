using Involute.Actors.Local;
using Involute.Runs.Configuration;
using Xunit;

namespace Involute.Actors.Tests.Local;

public sealed class AkkaSettingsCheckTests
{
    [Theory]
    [InlineData("akka.loglevel = abc", "akka")]
    [InlineData("akka.loglevel = 5", "akka")]
    [InlineData("akka.stdout-loglevel = abc", "akka")]
    [InlineData("akka.actor.provider = nosuch", "akka")]
    [InlineData("akka.actor.default-dispatcher.type = nosuch", "akka")]
    [InlineData("akka.actor.internal-dispatcher.type = nosuch", "akka")]
    [InlineData("akka.actor.default-dispatcher.executor = nosuch", "akka")]
    [InlineData("akka.actor.default-mailbox.mailbox-type = nosuch", "akka")]
    [InlineData("akka.scheduler.implementation = nosuch", "akka")]
    [InlineData("akka.loggers = [nosuch]", "akka")]
    [InlineData("akka.scheduler.ticks-per-wheel = 2147483647", "akka")]
    [InlineData("akka.actor = 5", "akka.actor")]
    [InlineData("akka.loggers = abc", "akka.loggers")]
    [InlineData("akka.cluster.roles = abc", "akka.cluster.roles")]
    [InlineData("akka.daemonic = abc", "akka.daemonic")]
    [InlineData("akka.actor.default-dispatcher.throughput = 1e3", "akka.actor.default-dispatcher.throughput")]
    [InlineData("akka.actor.default-dispatcher.throughput = 1.5", "akka.actor.default-dispatcher.throughput")]
    [InlineData("akka.actor.default-dispatcher.throughput = [1]", "akka.actor.default-dispatcher.throughput")]
    [InlineData("akka.actor.default-dispatcher.throughput = 99999999999", "akka.actor.default-dispatcher.throughput")]
    [InlineData("akka.actor.creation-timeout = soon", "akka.actor.creation-timeout")]
    [InlineData("akka.scheduler.tick-duration = -5s", "akka.scheduler.tick-duration")]
    [InlineData("akka.remote.dot-netty.tcp.port = abc", "akka.remote.dot-netty.tcp.port")]
    public void A_value_that_Akka_does_not_take_is_refused_with_its_key(string text, string key)
    {
        var refusal = Assert.Throws<ConfigurationException>(() => AkkaSettings.Require(text));
        Assert.Equal(key, refusal.Key);
        Assert.DoesNotContain('\n', refusal.Message);
        Assert.Contains("allowed: ", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("akka.loglevel = INFO")]
    [InlineData("akka.log-dead-letters = 10")]
    [InlineData("akka.actor.creation-timeout = 20")]
    [InlineData("akka.actor.ask-timeout = infinite")]
    [InlineData("akka.actor.ask-timeout = 10 s")]
    [InlineData("akka { nobody.knows = this, actor.debug { receive = on } }")]
    public void Right_values_pass(string text) => AkkaSettings.Require(text);

    /// <summary>Every key of Akka.NET, with a block where it has a value and a word where it has a number.</summary>
    [Fact]
    public void Every_key_of_Akka_refuses_another_kind()
    {
        var keys = 0;
        foreach (var (key, known) in AkkaSettings.ReferenceKeys().Where(entry => entry.Key != "akka.version"))
        {
            keys++;
            Refused(key, "{ a = 1 }");
            if (known.GetString() is { Length: > 0 } text && (char.IsAsciiDigit(text[0]) || text is "on" or "off"))
            {
                Refused(key, "nonsense");
                Refused(key, "-99999999999999999999");
            }
        }

        Assert.True(keys > 200, $"{keys} keys");
    }

    private static void Refused(string key, string value)
    {
        var refused = Record.Exception(() => AkkaSettings.Require($"{key} = {value}"));
        Assert.True(refused is ConfigurationException refusal && refusal.Key == key, $"{key} = {value}: {refused}");
    }
}
