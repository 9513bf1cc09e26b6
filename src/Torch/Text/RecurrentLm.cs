using Involute.Torch.Batching;
using static TorchSharp.torch;

namespace Involute.Torch.Text;

/// <summary>A recurrent language model: embeddings, one recurrent layer, a dense layer.</summary>
/// <remarks>Each sequence begins with a hidden state of zeros.</remarks>
public sealed class RecurrentLm : LanguageTask
{
    private readonly int _units;
    private readonly bool _isLstm;

    /// <summary>A model.</summary>
    /// <param name="isLstm">Long short-term memory, or gated recurrent units.</param>
    /// <param name="text">What it predicts.</param>
    /// <param name="width">Features of an embedding.</param>
    /// <param name="units">Of the recurrent layer.</param>
    /// <param name="length">Tokens that a sequence predicts.</param>
    /// <param name="batchSize">Sequences per step.</param>
    /// <param name="batching">How lanes are computed side by side.</param>
    /// <exception cref="ArgumentException">A size is below 1, or the train part is smaller than a batch.</exception>
    public RecurrentLm(
        bool isLstm, ByteText text, int width, int units, int length, int batchSize,
        TorchBatching batching = TorchBatching.Auto)
        : base(
            isLstm ? "lstm-lm" : "gru-lm", Shapes(text, width, units, isLstm ? 4 : 3), text, length, batchSize, batching)
    {
        _units = units;
        _isLstm = isLstm;
    }

    /// <inheritdoc/>
    public override double StackingGain => _isLstm ? 1.4 : 1.7;

    /// <inheritdoc/>
    protected override Tensor LaneLogits(IReadOnlyList<Tensor> parameters, Tensor tokens)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(tokens);
        var inputs = LaneOps.Linear(LaneOps.Embedding(tokens, parameters[0]), parameters[1], parameters[2]).unbind(2);
        var like = inputs[0];
        var hidden = zeros([tokens.shape[0], tokens.shape[1], _units], like.dtype, like.device);
        var cell = hidden;
        var outputs = new Tensor[inputs.Length];
        for (var time = 0; time < inputs.Length; time++)
        {
            if (_isLstm)
            {
                (hidden, cell) = LaneOps.LstmCell(inputs[time], hidden, cell, parameters[3], parameters[4]);
            }
            else
            {
                hidden = LaneOps.GruCell(inputs[time], hidden, parameters[3], parameters[4]);
            }

            outputs[time] = hidden;
        }

        return LaneOps.Linear(stack(outputs, 2), parameters[5], parameters[6]);
    }

    private static (string Name, int[] Shape)[] Shapes(ByteText text, int width, int units, int gates)
    {
        ArgumentNullException.ThrowIfNull(text);
        var vocabulary = text.Bytes.Count;
        return
        [
            (Embedding, [vocabulary, width]), ("input/w", [width, gates * units]), ("input/b", [gates * units]),
            ("hidden/w", [units, gates * units]), ("hidden/b", [gates * units]), ("output/w", [units, vocabulary]),
            ("output/b", [vocabulary]),
        ];
    }
}
