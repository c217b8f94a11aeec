foreach(name producer_condition producer_queue producer_event five_at_a_time thousand_calls flash_sale reconnect timers handmade_pool
    futures actors publish_subscribe stoppable_threads thread_local)
  lockorder_sample_test(library ${name})
endforeach()
