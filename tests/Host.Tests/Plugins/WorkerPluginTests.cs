using Involute.Actors.Protocol;
using Involute.Hosting.Commands;
using Involute.Hosting.Configuration;
using Involute.Hosting.Plugins;
using Involute.Runs;
using Xunit;

namespace Involute.Hosting.Tests.Plugins;

public sealed class WorkerPluginTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_worker_loads_no_code_from_a_folder_that_only_the_learner_names()
    {
        var learners = Directory.CreateDirectory(_folder.File("learner")).FullName;
        EmittedPlugin.Write(learners, "mine", "slope");
        var settings = ConfigurationLoader.Load([], [], learners).ToHocon();
        var offer = new NodeProtocol.RunOffered(new RunId("a"), settings, "", "");

        var refused = Assert.Throws<PluginException>(() => WorkerCommand.MakePlan(offer, null, 1));
        Assert.Equal(64, Failure.CodeOf(refused));
        Assert.Contains("--plugin DIR", refused.Message, StringComparison.Ordinal);

        // With a folder of its own it looks there, and finds that it is empty.
        var looked = Assert.ThrowsAny<Exception>(() => WorkerCommand.MakePlan(offer, Directory.CreateDirectory(_folder.File("empty")).FullName, 1));
        Assert.Contains(_folder.Path, looked.Message, StringComparison.Ordinal);
    }
}
