using Microsoft.ML;
using Microsoft.ML.Data;

namespace ParcelEta;

public sealed class Parcel
{
    [LoadColumn(0)] public float Kilometres { get; set; }
    [LoadColumn(1)] public float Weekday { get; set; }
    [LoadColumn(2)] public float Label { get; set; }
}

public sealed class Days
{
    public float Score { get; set; }
}

/// <summary>Days until a parcel arrives, learned from the parcels of last year.</summary>
public sealed class Estimate(PredictionEngine<Parcel, Days> engine)
{
    public static Estimate Train(string path)
    {
        var context = new MLContext(seed: 1);
        var parcels = context.Data.LoadFromTextFile<Parcel>(path, separatorChar: ',');
        var steps = context.Transforms
            .Concatenate("Features", nameof(Parcel.Kilometres), nameof(Parcel.Weekday))
            .Append(context.Regression.Trainers.FastTree());
        return new Estimate(context.Model.CreatePredictionEngine<Parcel, Days>(steps.Fit(parcels)));
    }

    public float Days(Parcel parcel) => engine.Predict(parcel).Score;
}
