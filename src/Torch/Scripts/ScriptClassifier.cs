using Involute.Tasks.InnerTasks;
using Involute.Torch.Tasks;

namespace Involute.Torch.Scripts;

/// <summary>A TorchScript model that tells classes apart.</summary>
internal sealed class ScriptClassifier(
    ScriptModel model, Examples examples, ScriptStart start, int batchSize, int classes)
    : ScriptTask(model, examples, ScriptLoss.CrossEntropy, start, batchSize, classes), IClassificationTask
{
    /// <inheritdoc/>
    public new IClassificationBatch CreateBatch() => new TorchClassificationBatch(
        this, (parameters, inputs) => Output(parameters, inputs, null).flatten(0, -2));
}
