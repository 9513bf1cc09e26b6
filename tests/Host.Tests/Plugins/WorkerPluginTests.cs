using Involute.Actors.Protocol;
using Involute.Host.Commands;
using Involute.Host.Errors;
using Involute.Runs;
using Involute.Runs.Configuration;
using Involute.Runs.Plugins;
using Involute.Tests;
using Involute.Tests.Plugins;
using Xunit;

namespace Involute.Host.Tests.Plugins;

public sealed class WorkerPluginTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_worker_loads_no_code_from_a_folder_that_only_the_learner_names()
    {
        var learners = Directory.CreateDirectory(_folder.File("learner")).FullName;
        EmittedPlugin.Write(learners, "mine", "slope");
        var settings = ConfigurationLoader.Load([], [], learners).ToHocon();
        var offer = new NodeProtocol.RunOffered(new RunId("a"), settings, "");

        var refused = Assert.Throws<PluginException>(() => WorkerCommand.MakePlan(offer, null, 1));
        Assert.Equal(64, CommandErrors.CodeOf(refused));
        Assert.Contains("--plugin DIR", refused.Message, StringComparison.Ordinal);

        // A worker with a folder of its own looks there, and finds that it is empty.
        var looked = Assert.ThrowsAny<Exception>(
            () => WorkerCommand.MakePlan(offer, Directory.CreateDirectory(_folder.File("empty")).FullName, 1));
        Assert.Contains(_folder.Path, looked.Message, StringComparison.Ordinal);
    }
}
