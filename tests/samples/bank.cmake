foreach(name transfer_static transfer_dynamic third_person lock_twice)
  lockorder_sample_test(bank ${name} HANGS)
endforeach()
foreach(name transfer_fixed_order transfer_try_lock transfer_release_first transfer_by_address transfer_by_number
    transfer_ordered_acquire claim_refused lock_twice_recursive)
  lockorder_sample_test(bank ${name})
endforeach()
