using Involute.Runs.Configuration;
using Involute.Tests;
using Involute.Torch.Batching;
using Involute.Torch.Images;
using Xunit;
using CommandLineOfHost = Involute.Host.Commands.CommandLine;

namespace Involute.Host.Tests.Configuration;

/// <summary>
/// Options that stand in a block of their own, <c>involute.torch</c>, and in their task's block, where they stood before.
/// </summary>
public sealed class OptionBlockTests : IDisposable
{
    // What a run of version 0.3.0 has in its folder, and its identity, both as the program of commit 63ca091 wrote them.
    private const string OldIdentity = "326e7f09c06965c6148938cf57af77e3967905bb791adefcbad15e8ede40cb12";

    private readonly ScratchFolder _scratch = new();

    public OptionBlockTests() => _ = CommandLineOfHost.Create();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("involute.torch.batching=loop", "involute.task.name=conv")]
    [InlineData("involute.task.name=conv", "involute.torch.batching=loop")]
    [InlineData("involute.task=conv", "involute.torch={ batching = loop }")]
    [InlineData("involute.task={ name = conv, batching = loop }")]
    [InlineData("involute={ task = conv, torch { batching = loop } }")]
    [InlineData("involute={ torch { batching = loop }, task { name = conv } }")]
    [InlineData("involute.task=conv", "involute.torch.batching=vmap", "involute.task.batching=loop")]
    [InlineData("involute.task={ name = conv, batching = vmap }", "involute.torch.batching=loop")]
    [InlineData("involute.task=vit", "involute.torch.batching=loop", "involute.task=conv")]
    public void Both_places_are_read_and_the_later_one_wins(params string[] arguments)
    {
        var configuration = ConfigurationLoader.Load([], arguments);
        Assert.Equal(TorchBatching.Loop, Assert.IsType<ConvOptions>(configuration.Task).Batching);
        Assert.Contains(new Setting("involute.torch.batching", "loop"), configuration.Settings);
        Assert.DoesNotContain(configuration.Settings, setting => setting.Key == "involute.task.batching");
        Assert.Equal(configuration, ConfigurationLoader.Parse(configuration.ToHocon(), "a run"));
        Assert.Equal(
            ConfigurationLoader.Load([], ["involute.task=conv", "involute.torch.batching=loop"]).IdentitySha256(),
            configuration.IdentitySha256());
    }

    [Theory]
    [InlineData("involute.torch: '3' is not a block", "involute.task=conv", "involute.torch=3")]
    [InlineData(
        "involute.torch.batchin: unknown key (did you mean 'batching'?); allowed: batching", "involute.task=conv",
        "involute.torch.batchin=loop")]
    [InlineData("involute.torch.name: unknown key; allowed: batching", "involute.torch.name=conv")]
    [InlineData(
        "involute.torch.batching: task quadratic has no such option; allowed: conv, ", "involute.task=quadratic",
        "involute.torch.batching=loop")]
    [InlineData(
        "involute.torch.batching: set a second time; --set involute={ task { name = conv, batching = vmap }, torch { batching = loop }",
        "involute={ task { name = conv, batching = vmap }, torch { batching = loop } }")]
    [InlineData("involute.torch.batching: unknown value 'lane' (did you mean 'lanes'?)", "involute.task=conv", "involute.torch.batching=lane")]
    [InlineData("involute.torch.batching: null is not a value", "involute.task=conv", "involute.torch.batching=null")]
    public void What_is_wrong_is_named_where_it_belongs(string expected, params string[] arguments)
    {
        var problem = Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Load([], arguments));
        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_task_drops_what_it_does_not_have()
    {
        var configuration = ConfigurationLoader.Load(
            [], ["involute.task=conv", "involute.torch.batching=loop", "involute.task=quadratic"]);
        Assert.DoesNotContain(configuration.Settings, setting => setting.Key.StartsWith("involute.torch", StringComparison.Ordinal));
    }

    [Fact]
    public void A_run_from_before_goes_on_with_its_identity()
    {
        File.WriteAllText(_scratch.File("config.conf"), OldSettings);
        var (before, after) = ConfigurationLoader.LoadChanged(_scratch.Path, ["involute.outer-steps=13"]);
        Assert.Equal(OldIdentity, before.IdentitySha256());
        Assert.Equal(OldIdentity, after.IdentitySha256());
        var other = Assert.Throws<ConfigurationException>(
            () => ConfigurationLoader.LoadChanged(_scratch.Path, ["involute.torch.batching=vmap"]));
        Assert.Contains(
            "--set involute.torch.batching=vmap: involute.torch.batching: cannot change in a run that was started with loop",
            other.Message, StringComparison.Ordinal);
    }

    private const string OldSettings =
        """
        involute {
          seed = 0
          outer-steps = 2
          pairs = 2
          pairs-per-actor = 1
          window = 50
          sigma = 0.1
          window-loss = mean
          normalisation = window-mean
          reset = exact
          divergence = ceiling
          meta-loss-split = before-update
          estimator {
            name = persistent-es
            sign-loss-diff = off
          }
          task {
            name = conv
            channels = [3, 4]
            data-folder = ""
            image-size = 8
            batch-size = 8
            batching = loop
          }
          optimizer {
            name = adam
            learning-rate = 0.001
            beta1 = 0.9
            beta2 = 0.999
            epsilon = 1e-08
          }
          truncation {
            schedule = log-uniform
            min = 100
            max = 2000
            offset = 2000
          }
          meta-optimizer {
            name = adam
            learning-rate = 0.03
            beta1 = 0.9
            beta2 = 0.999
            epsilon = 1e-08
            epsilon-root = 1e-08
            accumulate = 1
            learning-rate-schedule = constant
            warm-up = 0
            decay-rate = 0.001
            decay-steps = 1000
            final-learning-rate = 0
            clip-value = off
            clip-norm = off
          }
          aggregation = synchronous
          checkpoint-interval = auto
          keep-theta-every = auto
          tensorboard = true
          plots = light
          threads = auto
          max-pair-restarts = 3
          window-limit = 3600
          max-hopeless-steps = 100
          store {
            name = sqlite
          }
          plugin {
            folder = ""
            sha256 = ""
          }
        }
        """;
}
